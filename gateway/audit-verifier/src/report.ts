import type { LeafRange } from '@contactpoint/audit-log/leaf-ranges';
import type { Cosigned } from './checks/cosignatures.ts';
import type { Fault } from './fault.ts';

/** What was looked at in one log. */
export interface LogReport {
  readonly origin: string;
  /** All of them, pruned ones included. */
  readonly leaves: number;
  readonly checkpoints: number;
  /** Leaves under the newest checkpoint; nobody vouches yet for those after them. */
  readonly covered: number;
  /** Base64, of the newest checkpoint. */
  readonly rootHash?: string;
  /** Tiles that are kept and were compared. */
  readonly tiles: number;
  /** Leaves of which only the hash is left. */
  readonly pruned: number;
  /** Which: the first and the last index of each run of them, in order. */
  readonly prunedRanges: readonly LeafRange[];
  /** Receipts of the events that name them, `ORIGIN INDEX`. */
  readonly prunedBy: readonly string[];
  /** Mutations that are on record as begun and not as ended. */
  readonly openIntents: number;
  /** Indexes of the first of them. */
  readonly firstOpenIntents: readonly number[];
  /** What each witness has signed, by its name. */
  readonly cosigned: Readonly<Record<string, Cosigned>>;
}

/** What verifying found. */
export interface VerificationReport {
  readonly sound: boolean;
  readonly logs: readonly LogReport[];
  readonly faults: readonly Fault[];
  /** Faults like those named that are not named. */
  readonly omittedFaults: number;
  /** What lies among the logs and belongs to none, so that it was not looked at: files of an export. */
  readonly strays: readonly string[];
  readonly leaves: number;
  readonly milliseconds: number;
}
