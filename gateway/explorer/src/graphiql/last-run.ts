import { createContext, useContext } from 'react';
import type { Answer } from '../asking/answer.ts';
import type { Operation } from '../asking/ask.ts';

/** An operation that somebody ran in the editor, and what came back. */
export interface Run {
  readonly operation: Operation;
  readonly answer: Answer;
}

export const LastRunContext = createContext<Run | undefined>(undefined);

/** Undefined until an operation was run. */
export function useLastRun(): Run | undefined {
  return useContext(LastRunContext);
}
