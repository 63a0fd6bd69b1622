import { useState } from 'react';

/** What a dialog is open about: one thing at a time. */
export interface Deciding<Matter> {
  readonly matter: Matter | undefined;
  /** How often another was begun beside it. It stays: what is typed in it would be lost. */
  readonly interruptions: number;
  begin(matter: Matter): void;
  /** Nothing where another one is open by now: an answer may come after its dialog was left. */
  end(matter: Matter): void;
}

export function useDeciding<Matter>(): Deciding<Matter> {
  const [open, setOpen] = useState<{ readonly matter: Matter; readonly interruptions: number }>();
  return {
    matter: open?.matter,
    interruptions: open?.interruptions ?? 0,
    begin: (matter) =>
      setOpen((before) =>
        before === undefined
          ? { matter, interruptions: 0 }
          : { ...before, interruptions: before.interruptions + 1 },
      ),
    end: (matter) => setOpen((before) => (before?.matter === matter ? undefined : before)),
  };
}
