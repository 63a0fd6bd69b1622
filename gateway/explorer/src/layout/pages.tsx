import { useState } from 'react';

/** Which page of a list is shown. */
export interface Paging {
  /** Cursor of the page; null of the first. */
  readonly after: string | null;
  /** How many pages come before it. */
  readonly before: number;
  forward(cursor: string): void;
  back(): void;
}

export function usePaging(): Paging {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  return {
    after: cursors.at(-1) ?? null,
    before: cursors.length,
    forward: (cursor) => setCursors((passed) => [...passed, cursor]),
    back: () => setCursors((passed) => passed.slice(0, -1)),
  };
}

/** A page as the gateway gives it. */
export interface PageOfList {
  /** On all pages. */
  readonly total: number;
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** Where in a list the reader is, how long it is, and the ways on and back. */
export function Pages({
  of,
  paging: { before, forward, back },
  page: { total, hasNextPage, endCursor },
  shown,
  size,
}: {
  /** `alerts` */
  readonly of: string;
  readonly paging: Paging;
  readonly page: PageOfList;
  /** How many are on this page, and how many fit on one. */
  readonly shown: number;
  readonly size: number;
}) {
  const passed = before * size;
  const isAlone = before === 0 && !hasNextPage;
  return (
    <div className="pages">
      <p role="status">
        {shown === 0
          ? `No further ${of}; ${total} in all.`
          : `${passed + 1}${shown === 1 ? '' : ` to ${passed + shown}`} of ${total} ${of}`}
      </p>
      {isAlone ? null : (
        <>
          <button type="button" disabled={before === 0} onClick={back}>
            Back<span className="spoken"> to the {of} before</span>
          </button>
          <button
            type="button"
            disabled={!hasNextPage || endCursor === null}
            onClick={() => endCursor !== null && forward(endCursor)}
          >
            Further {of}
          </button>
        </>
      )}
    </div>
  );
}
