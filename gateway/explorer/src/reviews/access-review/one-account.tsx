import { useEffect, useId, useRef, useState } from 'react';
import { FieldRefusal } from '../../asking/field-refusal.tsx';
import { useAnswer } from '../../asking/use-answer.ts';
import type { Account } from './account.ts';
import { AccountsTable } from './accounts-table.tsx';
import type { Change } from './changes.ts';
import { ONE_ACCOUNT } from './queries.ts';

/** One account by its id: a suspended one is in no review, and is restored from here. */
export function OneAccount({
  onChange,
  changes,
}: {
  readonly onChange: (change: Change, account: Account) => void;
  /** How much was changed: the account is looked at again after each. */
  readonly changes: number;
}) {
  const field = useId();
  const [typed, setTyped] = useState('');
  const [id, setId] = useState<string>();
  const { answer, again } = useAnswer(
    id === undefined ? undefined : { query: ONE_ACCOUNT, variables: { id } },
  );
  const seen = useRef(changes);
  useEffect(() => {
    if (seen.current === changes) return;
    seen.current = changes;
    void again();
  }, [changes, again]);
  const account = answer?.data?.practitioner as Account | null | undefined;
  return (
    <section aria-label="One account">
      <h3>One account</h3>
      <form
        className="choose"
        onSubmit={(event) => {
          event.preventDefault();
          const named = typed.trim();
          if (named === '') return;
          if (named === id) void again();
          else setId(named);
        }}
      >
        <div className="field">
          <label htmlFor={field}>Account id</label>
          <input
            id={field}
            value={typed}
            placeholder="p-…"
            autoComplete="off"
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
        <button type="submit">Find it</button>
      </form>
      {answer === undefined ? null : <FieldRefusal answer={answer} field="practitioner" />}
      {account === null && answer?.errors.length === 0 ? <p role="status">Nobody has this id.</p> : null}
      {account == null ? null : (
        <AccountsTable title="One account" accounts={[account]} onChange={onChange} />
      )}
    </section>
  );
}
