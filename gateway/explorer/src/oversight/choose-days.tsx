import { useState } from 'react';
import { TextField } from '../layout/text-field.tsx';
import type { Days } from './access-figures.tsx';
import { problemWith } from './days.ts';

/** What was typed stays, also where it is no range. */
export function ChooseDays({
  days,
  onChoose,
}: {
  readonly days: Days;
  readonly onChoose: (days: Days) => void;
}) {
  const [typed, setTyped] = useState(days);
  const problem = problemWith(typed);
  return (
    <form
      className="days"
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === undefined) onChoose(typed);
      }}
    >
      <TextField
        label="First day"
        type="date"
        value={typed.from}
        onChange={(from) => setTyped({ ...typed, from })}
      />
      <TextField
        label="Last day"
        type="date"
        value={typed.to}
        onChange={(to) => setTyped({ ...typed, to })}
      />
      <button type="submit" className="primary" disabled={problem !== undefined}>
        Show these days
      </button>
      <p role="status">{problem}</p>
    </form>
  );
}
