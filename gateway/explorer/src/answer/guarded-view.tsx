import { type ReactNode, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Answer } from '../asking/answer.ts';
import { type Ask, AskContext, useAsk } from '../asking/ask.ts';
import { recordUse, TAKING } from './record-use.ts';

type Receipt = NonNullable<Answer['receipt']>;

/** Answers of one view that are put on record at most, the newest: more than a view shows at a time. */
const MOST = 20;

/**
 * Around a view that shows answers in its own way. Which of them a selection was made of nobody could say, so that copying
 * and printing put all of them on record, before anything leaves the page.
 */
export function GuardedView({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const ask = useAsk();
  const [given] = useState(() => new Map<string, Receipt>());
  const [said, setSaid] = useState<{ readonly text: string; readonly isProblem: boolean }>();
  const [isPrinting, setPrinting] = useState(false);
  const busy = useRef(false);
  const noting = useMemo<Ask>(
    () => async (operation) => {
      const answer = await ask(operation);
      const { receipt, data } = answer;
      if (receipt !== undefined && data !== null) note(given, JSON.stringify(operation), receipt);
      return answer;
    },
    [ask, given],
  );

  const record = useCallback(
    async (use: 'COPIED' | 'PRINTED', take: () => void | Promise<void>) => {
      if (busy.current) return;
      busy.current = true;
      try {
        for (const receipt of [...given.values()]) {
          const problem = await recordUse(ask, receipt, use);
          if (problem !== undefined) return setSaid({ text: problem, isProblem: true });
        }
        await take();
        setSaid({ text: `${use === 'COPIED' ? 'Copying' : 'Printing'} is on record.`, isProblem: false });
      } finally {
        busy.current = false;
      }
    },
    [ask, given],
  );
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = frame.current;
    const take = (event: Event) => {
      // What somebody has typed is theirs.
      if (event.target instanceof Element && event.target.matches('input, textarea')) return;
      event.preventDefault();
      const selected = document.getSelection()?.toString() ?? '';
      if (event.type !== 'dragstart' && selected !== '')
        void record('COPIED', () => navigator.clipboard.writeText(selected));
    };
    for (const name of TAKING) element?.addEventListener(name, take);
    return () => {
      for (const name of TAKING) element?.removeEventListener(name, take);
    };
  }, [record]);
  const print = () =>
    record('PRINTED', () => {
      flushSync(() => setPrinting(true));
      window.print();
      setPrinting(false);
    });

  return (
    <AskContext value={noting}>
      <div className="guarded" data-printing={isPrinting} ref={frame}>
        {children}
        <div className="answer-tools">
          <button type="button" onClick={() => void print()}>
            Print {title}
          </button>
          <p className="hint" role={said?.isProblem === true ? 'alert' : 'status'}>
            {said?.text ?? 'Copying and printing are put on record.'}
          </p>
        </div>
      </div>
    </AskContext>
  );
}

/** By operation: asked again, it is the newer answer that is shown. */
function note(given: Map<string, Receipt>, operation: string, receipt: Receipt): void {
  given.delete(operation);
  given.set(operation, receipt);
  const [oldest] = given.keys();
  if (given.size > MOST && oldest !== undefined) given.delete(oldest);
}
