import { createContext, useContext } from 'react';

/** What the reader says an access is for. */
export interface StatedAccess {
  /** Code of a purpose of use; empty where none is stated. */
  readonly purpose: string;
  readonly reason: string;
  /** Ready to go with the next operation, and with no other. */
  readonly breakGlass: boolean;
}

export const NOTHING_STATED: StatedAccess = { purpose: '', reason: '', breakGlass: false };

export interface StatedAccessState {
  readonly stated: StatedAccess;
  state(change: Partial<StatedAccess>): void;
}

export const StatedAccessContext = createContext<StatedAccessState>({
  stated: NOTHING_STATED,
  state: () => {},
});

/** The bar's content. Views that only ask need not know it: `useAsk` sends it along. */
export function useStatedAccess(): StatedAccessState {
  return useContext(StatedAccessContext);
}
