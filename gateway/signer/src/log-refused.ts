/** Why a log is not signed any further. The other logs go on. */
export type RefusalReason =
  /** The database holds fewer leaves than were signed. */
  | 'ROLLED_BACK'
  /** The database holds other leaves than were signed, or another checkpoint of the same size. */
  | 'FORKED'
  /** An index is missing between leaves, or there twice. */
  | 'GAP'
  /** The database holds a checkpoint that this signer does not remember: its state is an old copy, or lost. */
  | 'UNKNOWN_CHECKPOINT'
  /** The database knows nothing of a log that was signed: no session of a writer is left of it. */
  | 'VANISHED';

/** Every one of them. */
export const REFUSAL_REASONS = [
  'ROLLED_BACK',
  'FORKED',
  'GAP',
  'UNKNOWN_CHECKPOINT',
  'VANISHED',
] as const satisfies readonly RefusalReason[];

const MESSAGES: Record<RefusalReason, string> = {
  ROLLED_BACK: 'The database holds fewer leaves than were signed',
  FORKED: 'The database contradicts what was signed',
  GAP: 'An index is missing or there twice',
  UNKNOWN_CHECKPOINT: 'The database holds a checkpoint that this signer does not remember',
  VANISHED: 'The database knows nothing of a log that was signed',
};

/** To sign this log would contradict what was signed before, or vouch for something that is broken. */
export class LogRefused extends Error {
  override readonly name = 'LogRefused';
  readonly origin: string;
  readonly reason: RefusalReason;

  constructor(origin: string, reason: RefusalReason, options?: ErrorOptions) {
    super(MESSAGES[reason], options);
    this.origin = origin;
    this.reason = reason;
  }
}
