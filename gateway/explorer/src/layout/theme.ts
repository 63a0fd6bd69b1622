import { useSyncExternalStore } from 'react';

export const THEMES = ['system', 'light', 'dark'] as const;

export type Theme = (typeof THEMES)[number];

const DARK = window.matchMedia('(prefers-color-scheme: dark)');

/** Of this page alone: nothing is kept in the browser. */
let chosen: Theme = 'system';
const listeners = new Set<() => void>();

export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  return [useSyncExternalStore(subscribe, () => chosen), choose];
}

/** What the page looks like now. A system changes its colours while the page is open, at dusk for one. */
export function useShownTheme(): Exclude<Theme, 'system'> {
  return useSyncExternalStore(subscribe, () =>
    chosen === 'system' ? (DARK.matches ? 'dark' : 'light') : chosen,
  );
}

function choose(theme: Theme): void {
  chosen = theme;
  document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  DARK.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    DARK.removeEventListener('change', listener);
  };
}
