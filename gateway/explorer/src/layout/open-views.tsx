import { Suspense, useEffect, useState } from 'react';
import { GuardedView } from '../taking-along/guarded-view.tsx';
import type { View } from '../views.tsx';
import { ViewBoundary } from './view-boundary.tsx';

/** The view that is shown, and those that were: they stay as they were left, what was typed in them included. */
export function OpenViews({
  views,
  shown,
}: {
  readonly views: readonly View[];
  readonly shown: string | undefined;
}) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    if (shown !== undefined) setOpened((before) => new Set(before).add(shown));
  }, [shown]);
  return views
    .filter(({ id }) => opened.has(id))
    .map(({ id, title, recordsUse, element: Element }) => (
      <section key={id} className="view" aria-label={title} hidden={id !== shown}>
        <ViewBoundary>
          <Suspense fallback={<p role="status">Loading …</p>}>
            {recordsUse === true ? (
              <Element />
            ) : (
              <GuardedView title={title}>
                <Element />
              </GuardedView>
            )}
          </Suspense>
        </ViewBoundary>
      </section>
    ));
}
