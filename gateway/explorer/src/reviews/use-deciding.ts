import { useState } from 'react';

/** What a dialog is open about: one thing at a time. */
export interface Deciding<Matter> {
  readonly matter: Matter | undefined;
  /** Where a dialog is open already it stays, and has the focus again: what is typed in it would be lost. */
  begin(matter: Matter): void;
  end(): void;
}

export function useDeciding<Matter>(): Deciding<Matter> {
  const [matter, setMatter] = useState<Matter>();
  return {
    matter,
    begin(next) {
      const open = document.querySelector('dialog.decision');
      if (open === null) setMatter(next);
      else open.querySelector<HTMLElement>('input, textarea, select')?.focus();
    },
    end: () => setMatter(undefined),
  };
}
