import { type ReactNode, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';
import type { Answer } from '../asking/answer.ts';
import { type Ask, AskContext, useAsk } from '../asking/ask.ts';
import { TakingWords } from './taking-words.tsx';
import { useHeldBack, useTakingAlong } from './use-taking-along.ts';

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
  const [isPrinting, setPrinting] = useState(false);
  const [frame, setFrame] = useState<HTMLElement | null>(null);
  const noting = useMemo<Ask>(
    () => async (operation) => {
      const answer = await ask(operation);
      const { receipt, data } = answer;
      if (receipt !== undefined && data !== null) note(given, JSON.stringify(operation), receipt);
      return answer;
    },
    [ask, given],
  );
  const { copy, print, said } = useTakingAlong(() => [...given.values()]);
  useHeldBack(frame, selectedText, copy);
  const printView = () => {
    flushSync(() => setPrinting(true));
    window.print();
    setPrinting(false);
  };

  return (
    <AskContext value={noting}>
      <div className="guarded" data-printing={isPrinting} ref={setFrame}>
        {children}
        <div className="answer-tools">
          <button type="button" onClick={() => print(printView)}>
            Print {title}
          </button>
          <TakingWords said={said} />
        </div>
      </div>
    </AskContext>
  );
}

function selectedText(target: Element): string | undefined {
  return target.matches('input, textarea') ? undefined : (document.getSelection()?.toString() ?? '');
}

/** By operation: asked again, it is the newer answer that is shown. */
function note(given: Map<string, Receipt>, operation: string, receipt: Receipt): void {
  given.delete(operation);
  given.set(operation, receipt);
  const [oldest] = given.keys();
  if (given.size > MOST && oldest !== undefined) given.delete(oldest);
}
