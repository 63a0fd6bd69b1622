import { FieldRefusal } from '../../asking/field-refusal.tsx';
import type { Asked } from '../../asking/use-answer.ts';
import type { Account } from './account.ts';
import { AccountsTable } from './accounts-table.tsx';
import type { Change } from './changes.ts';
import { type Organisation, organisationName } from './organisation.ts';

interface Reviewed {
  readonly overQuotaBy: number;
  readonly dormant: readonly Account[];
  readonly lapsing: readonly Account[];
}

/** What a review finds in one organisation. */
export function ReviewedOrganisation({
  asked: { answer, isAsking },
  onChange,
  onGrant,
}: {
  readonly asked: Asked;
  readonly onChange: (change: Change, account: Account) => void;
  /** Undefined for whoever may only look. */
  readonly onGrant: ((organisation: Organisation) => void) | undefined;
}) {
  if (answer === undefined) return isAsking ? <p role="status">Asking …</p> : null;
  const { organisation, accessReview } = (answer.data ?? {}) as {
    readonly organisation?: Organisation | null;
    readonly accessReview?: Reviewed | null;
  };
  return (
    <div aria-busy={isAsking}>
      <FieldRefusal answer={answer} field="accessReview" />
      {organisation == null || accessReview == null ? null : (
        <>
          <h3>{organisationName(organisation)}</h3>
          <p>
            Stage {organisation.stage}; {organisation.grantedUsers} of {organisation.userQuota} accounts
            granted, {organisation.activeUsers} in use in the last 90 days.{' '}
            {organisation.grantedUsers < organisation.userQuota ? null : (
              <strong>
                {accessReview.overQuotaBy === 0
                  ? 'Its quota is full'
                  : `Over its quota by ${accessReview.overQuotaBy}`}
                : nobody can be granted an account.
              </strong>
            )}
          </p>
          {onGrant === undefined ? null : (
            <p className="actions">
              <button type="button" onClick={() => onGrant(organisation)}>
                Grant an account …
              </button>
            </p>
          )}
          <Found title="Dormant" accounts={accessReview.dormant} onChange={onChange} />
          <Found title="Lapsing or lapsed" accounts={accessReview.lapsing} onChange={onChange} />
        </>
      )}
    </div>
  );
}

function Found({
  title,
  accounts,
  onChange,
}: {
  readonly title: string;
  readonly accounts: readonly Account[];
  readonly onChange: (change: Change, account: Account) => void;
}) {
  return (
    <section aria-label={title}>
      <h4>
        {title}: {accounts.length}
      </h4>
      {accounts.length === 0 ? null : <AccountsTable title={title} accounts={accounts} onChange={onChange} />}
    </section>
  );
}
