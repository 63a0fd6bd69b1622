import { useGraphiQL } from '@graphiql/react';
import { createContext, useContext, useEffect, useState } from 'react';
import type { Answered } from '../graphiql/answered.ts';

/** What stands in the answer's pane; `answered` where it is an answer of the gateway's and not a sentence of the page. */
export interface ShownAnswer {
  readonly text: string;
  readonly answered: Answered | undefined;
}

const NOTHING: ShownAnswer = { text: '', answered: undefined };

/**
 * Answers by the text that is shown of them, newest last: tabs bring back what was answered before. In memory alone, and
 * only as many as somebody goes back to.
 */
export class KnownAnswers {
  readonly #answers = new Map<string, Answered>();

  add(answered: Answered): void {
    const text = shownAs(answered);
    this.#answers.delete(text);
    this.#answers.set(text, answered);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > KEPT && oldest !== undefined) this.#answers.delete(oldest);
  }

  of(text: string): Answered | undefined {
    return this.#answers.get(text);
  }
}

const KEPT = 10;

/** As the fetcher hands it to GraphiQL, and GraphiQL writes it: the data first, where marks say what the errors say. */
function shownAs({ answer: { data, errors } }: Answered): string {
  return JSON.stringify(errors.length === 0 ? { data } : { data, errors }, null, 2);
}

export const KnownAnswersContext = createContext<KnownAnswers>(new KnownAnswers());

/** Follows the answer's pane. What is long is looked at when there is nothing else to do. */
export function useShownAnswer(): ShownAnswer {
  const editor = useGraphiQL(({ responseEditor }) => responseEditor);
  const known = useContext(KnownAnswersContext);
  const [shown, setShown] = useState(NOTHING);
  useEffect(() => {
    if (editor === undefined) return;
    let waiting = 0;
    const look = () => {
      const text = editor.getValue();
      setShown({ text, answered: known.of(text) });
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
