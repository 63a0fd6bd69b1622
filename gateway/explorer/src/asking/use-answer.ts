import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer } from './answer.ts';
import { type Operation, useAsk } from './ask.ts';

export interface Asked {
  /** The last one that came; undefined until there is one. */
  readonly answer: Answer | undefined;
  readonly isAsking: boolean;
  /** Asks once more, and resolves when the answer is there. */
  again(): Promise<void>;
}

/**
 * Asks when it is first shown, and whenever the operation becomes another one: each question is on record, so nothing is asked
 * on a clock. While the next answer is on its way, and where it is a refusal, what was there before stays.
 *
 * @param operation Undefined while there is nothing to ask.
 */
export function useAnswer(operation: Operation | undefined): Asked {
  const ask = useAsk();
  const [answer, setAnswer] = useState<Answer>();
  const [isAsking, setAsking] = useState(operation !== undefined);
  const latest = useRef(0);
  const key = JSON.stringify(operation);
  const again = useCallback(async () => {
    if (key === undefined) return;
    const turn = ++latest.current;
    setAsking(true);
    const came = await ask(JSON.parse(key) as Operation);
    if (turn !== latest.current) return;
    setAnswer((before) =>
      came.data === null && before !== undefined ? { ...came, data: before.data } : came,
    );
    setAsking(false);
  }, [ask, key]);
  useEffect(() => {
    void again();
  }, [again]);
  return { answer, isAsking, again };
}
