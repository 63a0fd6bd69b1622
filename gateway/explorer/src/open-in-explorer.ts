import { goToView } from './layout/view-address.ts';

/** An operation for a tab of its own. */
export interface OpenedOperation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** Opened while there was no editor yet to take them. */
const waiting: OpenedOperation[] = [];
let take: ((operation: OpenedOperation) => void) | undefined;

/** Shows an operation in a new tab of the editor. It is not run: that is the reader's to do. */
export function openInExplorer(operation: OpenedOperation): void {
  if (take === undefined) waiting.push(operation);
  else take(operation);
  goToView('graphql');
}

/**
 * The editor takes what is opened, from now on and what waits.
 *
 * @returns What ends that.
 */
export function takeOpened(taker: (operation: OpenedOperation) => void): () => void {
  take = taker;
  for (const operation of waiting.splice(0)) taker(operation);
  return () => {
    if (take === taker) take = undefined;
  };
}
