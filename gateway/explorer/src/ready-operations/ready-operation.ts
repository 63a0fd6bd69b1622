/** An operation that a role does its work with, ready to be run once its variables are filled in. */
export interface ReadyOperation {
  /** What it does, in a sentence. */
  readonly sentence: string;
  /** One named operation. */
  readonly query: string;
  /** Empty strings are the reader's to fill in. */
  readonly variables?: Readonly<Record<string, unknown>>;
}
