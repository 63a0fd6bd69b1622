/**
 * One connection to a store that writes one log, from its first statement to its first failure: it is never used again
 * after that, and whoever goes on opens another, which reads anew where the log stands.
 */
export interface LogSession {
  /** Index of the next leaf. */
  readonly next: bigint;
  /** Settles when the connection ends, asked to or not. */
  readonly lost: Promise<void>;
  /**
   * Keeps leaves under the next indexes, all or none; resolves with the first one's index once they are durable.
   *
   * @param at When the log took them, by the writer's clock: for a store that does not date them by its own.
   */
  insert(leaves: readonly Uint8Array[], at: Date): Promise<bigint>;
  /**
   * Looks whether the store would still keep what it acknowledges: its settings change while it is written.
   *
   * @throws AuditStoreError when it would not; the driver's error when it does not answer.
   */
  look(): Promise<void>;
  /** What the store needs now and then, asked for between two batches. */
  tend(at: Date): Promise<void>;
  /** Gives the connection up at once. */
  abandon(): void;
  close(): Promise<void>;
}
