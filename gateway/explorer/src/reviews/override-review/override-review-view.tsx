import { useState } from 'react';
import { FieldRefusal } from '../../asking/field-refusal.tsx';
import { useAnswer } from '../../asking/use-answer.ts';
import { type PageOfList, Pages, usePaging } from '../../layout/pages.tsx';
import { openInExplorer } from '../../open-in-explorer.ts';
import { type Done, DoneList } from '../done-list.tsx';
import { useDeciding } from '../use-deciding.ts';
import type { PendingReview } from './pending-review.ts';
import { type Outcome, PendingWindow } from './pending-window.tsx';
import { PENDING } from './queries.ts';
import { VerdictDialog } from './verdict-dialog.tsx';
import '../reviews.css';
import './override-review.css';

const A_PAGE = 20;

/** Every break-glass access that waits, and the verdict on it. */
export default function OverrideReviewView() {
  const paging = usePaging();
  const operation = { query: PENDING, variables: { first: A_PAGE, after: paging.after } };
  const { answer, isAsking, again } = useAnswer(operation);
  const deciding = useDeciding<{ readonly review: PendingReview; readonly outcome: Outcome }>();
  const { matter } = deciding;
  const [done, setDone] = useState<readonly Done[]>([]);
  const page = answer?.data?.pendingReviews as
    | (PageOfList & { readonly reviews: readonly PendingReview[] })
    | null
    | undefined;
  return (
    <div className="review">
      <h2>Override review</h2>
      <p className="hint">
        Who broke the glass, and has not been looked at: oldest first. Somebody decides within 72 hours;
        nobody decides on an access of their own.
      </p>
      <DoneList done={done} />
      {answer === undefined ? (
        <p role="status">Asking …</p>
      ) : (
        <FieldRefusal answer={answer} field="pendingReviews" />
      )}
      {page?.total === 0 ? <p role="status">Nothing waits for a review.</p> : null}
      {page?.reviews.map((review) => (
        <PendingWindow
          key={`${review.openedAt} ${review.accesses[0]?.index}`}
          review={review}
          onDecide={(outcome) => deciding.begin({ review, outcome })}
        />
      ))}
      {page == null || page.total === 0 ? null : (
        <Pages of="reviews that wait" paging={paging} page={page} shown={page.reviews.length} size={A_PAGE} />
      )}
      <p className="actions">
        <button type="button" onClick={() => openInExplorer(operation)}>
          Open the query<span className="spoken"> behind the review</span>
        </button>
        <button type="button" disabled={isAsking} onClick={() => void again()}>
          Ask again
        </button>
      </p>
      {matter === undefined ? null : (
        <VerdictDialog
          {...matter}
          interruptions={deciding.interruptions}
          onLeave={() => deciding.end(matter)}
          onDone={(what) => {
            deciding.end(matter);
            setDone((before) => [...before, what]);
            void again();
          }}
        />
      )}
    </div>
  );
}
