import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer } from '../asking/answer.ts';
import { useAsk } from '../asking/ask.ts';
import { recordUse } from './record-use.ts';

/** What became of it, for the reader. */
export interface Said {
  readonly text: string;
  readonly isProblem: boolean;
}

export interface TakingAlong {
  copy(text: string): void;
  /** @param print Prints at once, what it prints on the page by then. */
  print(print: () => void): void;
  /** Undefined until something was taken along, or could not be. */
  readonly said: Said | undefined;
}

/**
 * Copying and printing: on record first, and not done where that fails. One after the other, since each takes its time.
 *
 * @param receipts Of the answers that are taken along, asked for when they are.
 */
export function useTakingAlong(receipts: () => readonly Answer['receipt'][]): TakingAlong {
  const ask = useAsk();
  const [said, setSaid] = useState<Said>();
  const isBusy = useRef(false);
  const latest = useRef(receipts);
  latest.current = receipts;
  const take = useCallback(
    async (use: 'COPIED' | 'PRINTED', done: () => void | Promise<void>) => {
      if (isBusy.current) return;
      isBusy.current = true;
      try {
        for (const receipt of latest.current()) {
          const problem = await recordUse(ask, receipt, use);
          if (problem !== undefined) return setSaid({ text: problem, isProblem: true });
        }
        await done();
        setSaid({ text: `${use === 'COPIED' ? 'Copying' : 'Printing'} is on record.`, isProblem: false });
      } catch {
        setSaid({ text: 'It is on record, and the browser did not do it.', isProblem: true });
      } finally {
        isBusy.current = false;
      }
    },
    [ask],
  );
  const copy = useCallback(
    (text: string) => void take('COPIED', () => navigator.clipboard.writeText(text)),
    [take],
  );
  const print = useCallback((print: () => void) => void take('PRINTED', print), [take]);
  return { copy, print, said };
}

/** By what a browser takes a selection along. */
const TAKING = ['copy', 'cut', 'dragstart'] as const;

/**
 * Holds back what the browser would take along by its own means, and copies what is selected once that is on record.
 *
 * @param selectedAt What is selected where it happens; undefined where the reader's own words are taken, which are theirs.
 */
export function useHeldBack(
  element: HTMLElement | null | undefined,
  selectedAt: (target: Element) => string | undefined,
  copy: (text: string) => void,
): void {
  const latest = useRef(selectedAt);
  latest.current = selectedAt;
  useEffect(() => {
    if (element == null) return;
    const hold = (event: Event) => {
      if (!(event.target instanceof Node) || !element.contains(event.target)) return;
      const target = event.target instanceof Element ? event.target : element;
      const selected = latest.current(target);
      if (selected === undefined) return;
      event.preventDefault();
      // Monaco would fill the clipboard at once.
      event.stopImmediatePropagation();
      if (event.type !== 'dragstart' && selected !== '') copy(selected);
    };
    for (const name of TAKING) document.addEventListener(name, hold, { capture: true });
    return () => {
      for (const name of TAKING) document.removeEventListener(name, hold, { capture: true });
    };
  }, [element, copy]);
}
