import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { createPortal } from 'react-dom';

/**
 * The operations that are open, in the place of GraphiQL's own tabs: each of those is a tab with buttons within, which no
 * screen reader can make sense of.
 *
 * @param place Where they are shown.
 */
export function OperationTabs({ place }: { readonly place: HTMLElement | null }) {
  const { addTab, changeTab, closeTab } = useGraphiQLActions();
  const tabs = useGraphiQL(({ tabs }) => tabs);
  const active = useGraphiQL(({ activeTabIndex }) => activeTabIndex);
  if (place === null) return null;
  return createPortal(
    <nav aria-label="Operations">
      <ul>
        {tabs.map(({ id, title, query }, index) => (
          <li key={id} className={index === active ? 'active' : undefined}>
            <button
              type="button"
              title={sentenceOf(query)}
              aria-current={index === active}
              onClick={() => changeTab(index)}
            >
              {title}
            </button>
            {tabs.length > 1 ? (
              <button type="button" aria-label={`Close ${title}`} onClick={() => closeTab(index)}>
                ×
              </button>
            ) : null}
          </li>
        ))}
        <li>
          <button type="button" aria-label="New operation" onClick={addTab}>
            +
          </button>
        </li>
      </ul>
      <p className="hint">{sentenceOf(tabs[active]?.query ?? null)}</p>
    </nav>,
    place,
  );
}

/** What stands above the operation: of one that is ready, its sentence. */
function sentenceOf(query: string | null): string | undefined {
  return /^# ?(.+)/.exec(query ?? '')?.[1];
}
