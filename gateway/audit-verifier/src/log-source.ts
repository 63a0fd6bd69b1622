import type { Hash } from '@contactpoint/audit-log/merkle';

/** Where logs are read from. Nothing that it says is believed before it has been checked. */
export interface LogSource {
  /** Every log that there is a leaf or a checkpoint of, the aggregate included, in order. */
  origins(): Promise<readonly string[]>;
  log(origin: string): SourceLog;
  /** Names of what lies among the logs and belongs to none of them. */
  strays(): Promise<readonly string[]>;
}

/** One log as it is kept. Each method reads anew, from the beginning. */
export interface SourceLog {
  readonly origin: string;
  /** Signed notes of its checkpoints, smallest first, each with the cosignatures that there are. */
  checkpoints(): AsyncIterable<string>;
  /** The newest checkpoint as it is shown to whoever asks for one; undefined where there is none. */
  latest(): Promise<string | undefined>;
  /**
   * Every leaf, in order and without gaps.
   *
   * @throws LogFault where a leaf is missing or not readable.
   */
  leaves(): AsyncIterable<LeafBatch>;
  /**
   * A tile as it is kept: `width` hashes, one after the other. Undefined where this source may do without it.
   *
   * @throws LogFault where it may not.
   * @see https://c2sp.org/tlog-tiles
   */
  tile(level: number, index: number, width: number): Promise<Uint8Array | undefined>;
  /**
   * Names of what is kept with this log and is no part of a log of these sizes.
   *
   * @param covered Leaves under the newest checkpoint.
   * @param uncovered Leaves after it.
   */
  surplus(covered: number, uncovered: number): AsyncIterable<string>;
}

/** Leaves that follow each other. */
export interface LeafBatch {
  /** Index of the first. */
  readonly first: number;
  /** Undefined for a leaf that was pruned. */
  readonly leaves: readonly (Uint8Array | undefined)[];
  /** Their hashes as they are kept. */
  readonly hashes: readonly Hash[];
}
