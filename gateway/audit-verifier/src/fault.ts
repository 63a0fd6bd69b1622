/** What can be wrong with a log. The first word of a line that the command prints, so they never change. */
export const FAULTS = {
  UNREADABLE: 'a file or a row does not have its form',
  NO_KEY: 'no public key was given for the log',
  SIGNATURE: 'a checkpoint is not signed by the key of its log',
  CHECKPOINT_ORDER: 'a checkpoint stands twice or out of order',
  OLD_CHECKPOINT: 'a checkpoint is shown as the newest that is not',
  INDEX: 'an index is missing or stands twice',
  SURPLUS: 'something stands with a log that is no part of it',
  LEAF: 'a leaf is not the one that its hash names',
  TILE: 'a tile does not hold the hashes of the leaves',
  TREE_HEAD: 'a checkpoint is not the head of the tree',
  TRUNCATED: 'leaves that a checkpoint covers are not there',
  FORK: 'two statements about one log contradict each other',
  BOOT_CHAIN: 'a boot does not follow the one before it',
  MISSING_LOG: 'a log is not there that another statement names',
  MISSING_CHECKPOINT: 'a checkpoint is not there that the aggregate log names',
  NOT_AGGREGATED: 'the aggregate log does not know a checkpoint',
  PRUNED: 'a leaf is gone without a record of its pruning',
  COSIGNATURE: 'a witness did not sign what it should have signed',
} as const;

export type FaultCode = keyof typeof FAULTS;

/** Something wrong. It names places, never what stands there. */
export interface Fault {
  readonly code: FaultCode;
  /** Log it was found in. */
  readonly origin: string;
  /** First leaf that cannot be trusted, where it can be told. */
  readonly index?: number;
  /** What exactly, for people. */
  readonly message: string;
}

/** Thrown where reading cannot go on: the rest of that log is not looked at. */
export class LogFault extends Error {
  override readonly name = 'LogFault';
  readonly fault: Fault;

  constructor(fault: Fault, options?: ErrorOptions) {
    super(`${fault.code} ${fault.origin}: ${fault.message}`, options);
    this.fault = fault;
  }
}
