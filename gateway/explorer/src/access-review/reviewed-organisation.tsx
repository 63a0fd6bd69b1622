import { FieldRefusal } from '../asking/field-refusal.tsx';
import type { Asked } from '../asking/use-answer.ts';
import type { Account } from './account.ts';
import { AccountsTable } from './accounts-table.tsx';
import type { Change } from './changes.ts';

interface Reviewed {
  readonly overQuotaBy: number;
  readonly dormant: readonly Account[];
  readonly lapsing: readonly Account[];
}

/** What a review finds in one organisation. */
export function ReviewedOrganisation({
  asked: { answer, isAsking },
  onChange,
}: {
  readonly asked: Asked;
  readonly onChange: (change: Change, account: Account) => void;
}) {
  if (answer === undefined) return isAsking ? <p role="status">Asking …</p> : null;
  const { organisation, accessReview } = (answer.data ?? {}) as {
    readonly organisation?: {
      readonly name: string | null;
      readonly id: string;
      readonly stage: string;
      readonly userQuota: number;
      readonly grantedUsers: number;
      readonly activeUsers: number;
    } | null;
    readonly accessReview?: Reviewed | null;
  };
  return (
    <div aria-busy={isAsking}>
      <FieldRefusal answer={answer} field="accessReview" />
      {organisation == null || accessReview == null ? null : (
        <>
          <h3>{organisation.name ?? organisation.id}</h3>
          <p>
            Stage {organisation.stage}; {organisation.grantedUsers} of {organisation.userQuota} accounts
            granted, {organisation.activeUsers} in use in the last 90 days.{' '}
            {accessReview.overQuotaBy === 0 ? null : (
              <strong>Over its quota by {accessReview.overQuotaBy}: nobody can be granted access.</strong>
            )}
          </p>
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
