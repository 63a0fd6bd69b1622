import { useState } from 'react';
import { DecisionDialog } from '../deciding/decision-dialog.tsx';
import type { Done } from '../deciding/done-list.tsx';
import { TextField } from '../deciding/text-field.tsx';
import type { Account } from './account.ts';
import type { Change } from './changes.ts';

export function ChangeDialog({
  change,
  account,
  onDone,
  onLeave,
}: {
  readonly change: Change;
  readonly account: Account;
  readonly onDone: (done: Done) => void;
  readonly onLeave: () => void;
}) {
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const problem = change.fields.map(({ name, problemOf }) => problemOf(typed[name] ?? '')).find(Boolean);
  return (
    <DecisionDialog
      title={change.titleOf(account)}
      consequence={change.consequence}
      verb={change.verb}
      operation={{ query: change.query, variables: { practitionerId: account.id, ...typed } }}
      field={change.field}
      problem={problem}
      onDone={({ receipt, data }) => {
        const status: unknown = data[change.field].status;
        onDone({ what: `${change.doneWords(account)} Its status is ${status}.`, receipt });
      }}
      onLeave={onLeave}
    >
      {change.fields.map(({ name, label, hint, type }) => (
        <TextField
          key={name}
          label={label}
          {...(hint === undefined ? {} : { hint })}
          type={type}
          value={typed[name] ?? ''}
          onChange={(value) => setTyped((before) => ({ ...before, [name]: value }))}
        />
      ))}
    </DecisionDialog>
  );
}
