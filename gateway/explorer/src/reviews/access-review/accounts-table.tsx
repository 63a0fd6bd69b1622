import { OthersText } from '../../layout/others-text.tsx';
import { Table } from '../../layout/table.tsx';
import { useSession } from '../../session/session.ts';
import { type Account, nameOf } from './account.ts';
import { CHANGES, type Change } from './changes.ts';

const instant = (at: string | null) =>
  at === null ? 'never' : new Date(at).toLocaleDateString('en-GB', { timeZone: 'Europe/London' });

/** Accounts, and what may be done with each. The gateway decides; here is left out what it would refuse for sure. */
export function AccountsTable({
  title,
  accounts,
  onChange,
}: {
  readonly title: string;
  readonly accounts: readonly Account[];
  readonly onChange: (change: Change, account: Account) => void;
}) {
  const session = useSession();
  const mayWrite = session?.scopes.includes('accreditation:write') === true;
  const actions = (account: Account) =>
    account.id === session?.practitioner.id ? (
      <span className="hint">Your own account: somebody else decides.</span>
    ) : (
      <div className="actions">
        {CHANGES.filter(({ isFor }) => isFor(account)).map((change) => (
          <button key={change.id} type="button" onClick={() => onChange(change, account)}>
            {change.verb}
            <span className="spoken">: {nameOf(account)}</span>
          </button>
        ))}
      </div>
    );
  return (
    <Table<Account>
      title={title}
      rows={accounts}
      columns={[
        {
          name: 'Account',
          cell: ({ id, name }) => (
            <>
              <OthersText text={name ?? 'No name'} /> ({id})
            </>
          ),
        },
        { name: 'Role', cell: ({ role }) => role },
        { name: 'Status', cell: ({ status }) => status?.toLowerCase().replaceAll('_', ' ') },
        { name: 'Last access', cell: ({ lastAccessAt }) => instant(lastAccessAt) },
        { name: 'Training until', cell: ({ trainingExpiresOn }) => trainingExpiresOn ?? 'none' },
        { name: 'DBS until', cell: ({ vettingExpiresOn }) => vettingExpiresOn ?? 'none' },
        ...(mayWrite ? [{ name: 'What to do', cell: actions }] : []),
      ]}
    />
  );
}
