import { useId, useState } from 'react';
import { OthersText } from '../../layout/others-text.tsx';
import { Table } from '../../layout/table.tsx';
import { openInExplorer } from '../../open-in-explorer.ts';
import { EVENTS } from '../../ready-operations/audit.ts';
import { useSession } from '../../session/session.ts';
import { childrenOf, dueWords, isCutOff, type PendingReview, type WindowAccess } from './pending-review.ts';

const instant = (at: string) => new Date(at).toLocaleString('en-GB', { timeZone: 'Europe/London' });

export type Outcome = 'JUSTIFIED' | 'UNJUSTIFIED';

/** Who broke the glass, when, why and for whom, and the two ways to decide on it. */
export function PendingWindow({
  review,
  onDecide,
}: {
  readonly review: PendingReview;
  readonly onDecide: (outcome: Outcome) => void;
}) {
  const session = useSession();
  const [now] = useState(Date.now);
  const heading = useId();
  const [first] = review.accesses;
  if (first === undefined) return null;
  const children = childrenOf(review);
  const isOwn = [first.practitionerId, first.onBehalfOf].includes(session?.practitioner.id ?? '');
  const reasons = [...new Set(review.accesses.flatMap(({ reason }) => reason ?? []))];
  return (
    <article className="window" aria-labelledby={heading}>
      <h3 id={heading}>
        {first.practitionerId} broke the glass on {instant(review.openedAt)}
      </h3>
      <dl>
        <div>
          <dt>Review</dt>
          <dd>{dueWords(review, now)}</dd>
        </div>
        <div>
          <dt>Role, organisation</dt>
          <dd>
            {first.role}, {first.organisationId}
          </dd>
        </div>
        <div>
          <dt>Purpose</dt>
          <dd>{first.purpose}</dd>
        </div>
        <div>
          <dt>Reason</dt>
          <dd>
            {reasons.map((reason) => (
              <p key={reason} className="reason">
                “<OthersText text={reason} />”
              </p>
            ))}
          </dd>
        </div>
        <div>
          <dt>{children.length === 1 ? 'Child' : `${children.length} children`}</dt>
          <dd>{children.length === 0 ? 'nobody was shown' : children.join(', ')}</dd>
        </div>
      </dl>
      <details>
        <summary>
          What was asked for: {isCutOff(review) ? 'the first ' : ''}
          {review.accesses.length}
        </summary>
        <Table<WindowAccess>
          title="What was asked for"
          rows={review.accesses}
          columns={[
            { name: 'At', cell: ({ at }) => instant(at) },
            { name: 'Operation', cell: ({ operationName }) => operationName ?? '–' },
            { name: 'Outcome', cell: outcomeWords },
            { name: 'Released', cell: (access) => coordinates(access, 'released') },
            { name: 'Withheld', cell: (access) => coordinates(access, 'withheld') },
          ]}
        />
        {isCutOff(review) ? (
          <p className="hint">
            There may be more.{' '}
            <button type="button" onClick={() => openInExplorer(eventsOf(review, first.practitionerId))}>
              Open every access of theirs since then
            </button>
          </p>
        ) : null}
      </details>
      {isOwn ? (
        <p className="hint">Your own access: somebody else decides.</p>
      ) : (
        <p className="actions">
          <button type="button" onClick={() => onDecide('JUSTIFIED')}>
            Justified …
          </button>
          <button type="button" onClick={() => onDecide('UNJUSTIFIED')}>
            Unjustified …
          </button>
        </p>
      )}
    </article>
  );
}

/** What opens a window is recorded before anything is asked for under it. */
function outcomeWords({ outcome, subjects }: WindowAccess): string {
  const isEmpty = subjects.every(({ released, withheld }) => released.length + withheld.length === 0);
  return isEmpty && outcome === 'RELEASED' ? 'window opened' : outcome.toLowerCase();
}

function coordinates({ subjects }: WindowAccess, what: 'released' | 'withheld'): string {
  return [...new Set(subjects.flatMap((subject) => subject[what]))].join(', ');
}

function eventsOf({ openedAt }: PendingReview, practitionerId: string | null) {
  return { query: EVENTS.query, variables: { filter: { practitionerId, from: openedAt }, after: null } };
}
