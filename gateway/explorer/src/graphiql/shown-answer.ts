import { useGraphiQL } from '@graphiql/react';
import { createContext, useContext, useEffect, useState } from 'react';
import type { Run } from './last-run.ts';

/** What stands in the answer's pane; `run` where it is an answer of the gateway's and not a sentence of the page. */
export interface ShownAnswer {
  readonly text: string;
  readonly run: Run | undefined;
}

const NOTHING: ShownAnswer = { text: '', run: undefined };

/**
 * Runs by the text that is shown of their answers, newest last: tabs bring back what was answered before. In memory alone,
 * and only as many as somebody goes back to.
 */
export class KnownRuns {
  readonly #runs = new Map<string, Run>();

  add(run: Run): void {
    const text = shownAs(run);
    this.#runs.delete(text);
    this.#runs.set(text, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > KEPT && oldest !== undefined) this.#runs.delete(oldest);
  }

  of(text: string): Run | undefined {
    return this.#runs.get(text);
  }
}

const KEPT = 10;

/** As the fetcher hands it to GraphiQL, and GraphiQL writes it: the data first, where marks say what the errors say. */
function shownAs({ answer: { data, errors } }: Run): string {
  return JSON.stringify(errors.length === 0 ? { data } : { data, errors }, null, 2);
}

export const KnownRunsContext = createContext<KnownRuns>(new KnownRuns());

/** Follows the answer's pane. What is long is looked at when there is nothing else to do. */
export function useShownAnswer(): ShownAnswer {
  const editor = useGraphiQL(({ responseEditor }) => responseEditor);
  const known = useContext(KnownRunsContext);
  const [shown, setShown] = useState(NOTHING);
  useEffect(() => {
    if (editor === undefined) return;
    let waiting = 0;
    const look = () => {
      const text = editor.getValue();
      setShown({ text, run: known.of(text) });
    };
    const lookSoon = () => {
      cancelIdleCallback(waiting);
      waiting = requestIdleCallback(look, { timeout: 1_000 });
    };
    const following = editor.onDidChangeModelContent(lookSoon);
    lookSoon();
    return () => {
      cancelIdleCallback(waiting);
      following.dispose();
    };
  }, [editor, known]);
  return shown;
}
