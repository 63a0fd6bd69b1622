import { useState } from 'react';
import { TextField } from '../../layout/text-field.tsx';
import { DecisionDialog } from '../decision-dialog.tsx';
import type { Done } from '../done-list.tsx';
import type { PendingReview } from './pending-review.ts';
import type { Outcome } from './pending-window.tsx';
import { REVIEW } from './queries.ts';

const SHORTEST_NOTE = 10;
const LONGEST_NOTE = 2_000;

const CONSEQUENCES: Readonly<Record<Outcome, string>> = {
  JUSTIFIED: 'Nothing is owed any more for this access. The verdict is kept for good.',
  UNJUSTIFIED:
    'The account is suspended at once, and what break-glass opened is closed. Only an accreditation officer can restore it. The verdict is kept for good.',
};

export function VerdictDialog({
  review,
  outcome,
  interruptions,
  onDone,
  onLeave,
}: {
  readonly review: PendingReview;
  readonly outcome: Outcome;
  readonly interruptions: number;
  readonly onDone: (done: Done) => void;
  readonly onLeave: () => void;
}) {
  const [note, setNote] = useState('');
  const { length } = note.trim();
  const access = review.accesses[0];
  if (access === undefined) return null;
  const { origin, index, practitionerId } = access;
  const isLong = length >= SHORTEST_NOTE && length <= LONGEST_NOTE;
  return (
    <DecisionDialog
      title={
        outcome === 'JUSTIFIED'
          ? `Find the access of ${practitionerId} justified?`
          : `Find the access of ${practitionerId} unjustified?`
      }
      consequence={CONSEQUENCES[outcome]}
      verb={outcome === 'JUSTIFIED' ? 'Justified' : 'Unjustified: suspend the account'}
      operation={{ query: REVIEW, variables: { origin, index, outcome, note } }}
      field="reviewOverride"
      problem={
        isLong
          ? undefined
          : `The note has ${SHORTEST_NOTE} to ${LONGEST_NOTE} characters; this one has ${length}.`
      }
      interruptions={interruptions}
      onDone={({ receipt }) =>
        onDone({
          what:
            outcome === 'JUSTIFIED'
              ? `The access of ${practitionerId} was found justified.`
              : `The access of ${practitionerId} was found unjustified: the account is suspended.`,
          receipt,
        })
      }
      onLeave={onLeave}
    >
      <TextField
        label="Note"
        type="long"
        hint={`What you found out, ${SHORTEST_NOTE} to ${LONGEST_NOTE} characters. Nothing of the child.`}
        value={note}
        onChange={setNote}
      />
    </DecisionDialog>
  );
}
