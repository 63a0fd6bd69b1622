import { useSyncExternalStore } from 'react';

/** Id of the view that the address names; empty where it names none. */
export function useViewAddress(): string {
  return useSyncExternalStore(subscribe, viewOfAddress);
}

export function goToView(id: string): void {
  window.location.hash = `#/${id}`;
}

function viewOfAddress(): string {
  return /^#\/([\w-]+)/.exec(window.location.hash)?.[1] ?? '';
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}
