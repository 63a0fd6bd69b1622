import { createContext, useContext } from 'react';
import type { Answer } from '../asking/answer.ts';
import type { Operation } from '../asking/ask.ts';

/** The operation that was run last, and what came back. */
export interface Answered {
  readonly operation: Operation;
  readonly answer: Answer;
}

export const AnsweredContext = createContext<Answered | undefined>(undefined);

/** For plugins. Undefined until an operation was run. */
export function useAnswered(): Answered | undefined {
  return useContext(AnsweredContext);
}
