import type { Hash } from '@contactpoint/audit-log/merkle';

/** What somebody else than the log says that its head was. */
export interface HeadStatement {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  /** Who says so, as it stands in a fault: `a checkpoint in witness.txt`. */
  readonly by: string;
}
