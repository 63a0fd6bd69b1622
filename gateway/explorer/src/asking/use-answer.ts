import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer } from './answer.ts';
import { type Operation, useAsk } from './ask.ts';
import { askWhole, type WholeList } from './ask-whole.ts';

export interface Asked {
  /** The last one that came; undefined until there is one. */
  readonly answer: Answer | undefined;
  readonly isAsking: boolean;
  /** Asks once more, and resolves when the answer is there. */
  again(): Promise<void>;
}

/**
 * Asks when it is first shown, and whenever the operation becomes another one: each question is on record, so nothing is asked
 * on a clock. What the same operation was answered before stays where it is refused now; another operation's does not.
 *
 * @param operation Undefined while there is nothing to ask.
 * @param whole A list of which all pages are asked for; the same for as long as it is shown.
 */
export function useAnswer(operation: Operation | undefined, whole?: WholeList): Asked {
  const ask = useAsk();
  const [came, setCame] = useState<{ readonly to: string; readonly answer: Answer }>();
  const [isAsking, setAsking] = useState(operation !== undefined);
  const latest = useRef(0);
  const key = operation === undefined ? undefined : JSON.stringify(operation);
  const list = useRef(whole);
  const again = useCallback(async () => {
    if (key === undefined) return;
    const turn = ++latest.current;
    setAsking(true);
    const asked = JSON.parse(key) as Operation;
    const answer = await (list.current === undefined ? ask(asked) : askWhole(ask, asked, list.current));
    if (turn !== latest.current) return;
    setCame((before) => ({ to: key, answer: before?.to === key ? over(before.answer, answer) : answer }));
    setAsking(false);
  }, [ask, key]);
  useEffect(() => {
    void again();
  }, [again]);
  return { answer: came !== undefined && came.to === key ? came.answer : undefined, isAsking, again };
}

/** Fields that are null because of an error stand as they were. */
function over(before: Answer, answer: Answer): Answer {
  if (answer.errors.length === 0) return answer;
  const told = Object.entries(answer.data ?? {}).filter(([, value]) => value !== null);
  return { ...answer, data: { ...before.data, ...Object.fromEntries(told) } };
}
