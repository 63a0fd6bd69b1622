import { useState } from 'react';
import { DecisionDialog } from '../decision-dialog.tsx';
import type { Done } from '../done-list.tsx';
import type { Account } from './account.ts';
import type { Change } from './changes.ts';
import { problemOf, type Typed, TypedFields } from './typed-fields.tsx';

export function ChangeDialog({
  change,
  account,
  interruptions,
  onDone,
  onLeave,
}: {
  readonly change: Change;
  readonly account: Account;
  readonly interruptions: number;
  readonly onDone: (done: Done) => void;
  readonly onLeave: () => void;
}) {
  const [typed, setTyped] = useState<Typed>({});
  return (
    <DecisionDialog
      title={change.titleOf(account)}
      consequence={change.consequence}
      verb={change.verb}
      operation={{ query: change.query, variables: { practitionerId: account.id, ...typed } }}
      field={change.field}
      problem={problemOf(change.fields, typed)}
      interruptions={interruptions}
      onDone={({ receipt, data }) => {
        const status: unknown = data[change.field].status;
        onDone({ what: `${change.doneWords(account)} Its status is ${status}.`, receipt });
      }}
      onLeave={onLeave}
    >
      <TypedFields fields={change.fields} typed={typed} onType={setTyped} />
    </DecisionDialog>
  );
}
