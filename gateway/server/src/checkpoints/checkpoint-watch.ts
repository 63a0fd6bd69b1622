import { AppendError } from '@contactpoint/audit-log/append-error';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import type { CheckpointReader } from '@contactpoint/audit-log/checkpoint-reader';
import { verifiedCheckpoint } from '@contactpoint/audit-log/verified-checkpoint';
import type { Logger } from 'pino';
import { type Coverage, createCoverage, type Look } from './coverage.ts';
import type { KeysFile } from './keys-file.ts';
import type { OwnLeaves } from './own-leaves.ts';

/**
 * Sees to it that nothing is released on account of a log which nobody signs, or of which something else is signed than it
 * was sent. The database is believed neither: a checkpoint counts by its signature, and by the leaves it is over.
 */
export interface CheckpointWatch {
  /** The log that was given, except that it takes no leaf while checkpoints are overdue. */
  readonly log: AuditLog;
  readonly coverage: Pick<Coverage, 'silence' | 'lag' | 'isSound'>;
  close(): Promise<void>;
}

export interface CheckpointWatchOptions {
  readonly log: AuditLog;
  readonly checkpoints: CheckpointReader;
  /** What the log is sent, from its first leaf on. */
  readonly own: OwnLeaves;
  readonly keys: KeysFile;
  /** Milliseconds without a sign of the signer, or without a checkpoint over a leaf, after which leaves are refused. */
  readonly patience: number;
  readonly monotonic: () => number;
  readonly logger: Logger;
}

/** Milliseconds between two looks at most; as often as the signer signs. */
const LONGEST_PAUSE = 1_000;

/** Refuses from its start until the signer has been seen alive, and begins and ends to refuse by itself after that. */
export function createCheckpointWatch(options: CheckpointWatchOptions): CheckpointWatch {
  const { log, checkpoints, own, keys, patience, monotonic, logger } = options;
  const coverage = createCoverage(patience, monotonic);
  let leaves = 0n;
  let wasSound = false;
  let problem: string | undefined;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const tell = () => {
    const isSound = coverage.isSound();
    if (isSound === wasSound) return;
    wasSound = isSound;
    const figures = { silence: coverage.silence(), lag: coverage.lag() };
    if (isSound) logger.info(figures, 'checkpoints cover the audit log');
    else logger.error(figures, problem ?? 'no checkpoints cover the audit log: nothing is released');
  };
  const judge = (note: string | undefined): Pick<Look, 'covered' | 'contradicts'> => {
    problem = undefined;
    if (note === undefined) return { covered: own.covered, contradicts: false };
    const signed = () => verifiedCheckpoint(note, log.origin, keys.current);
    let checkpoint = signed();
    if (checkpoint === undefined) {
      keys.reload();
      checkpoint = signed();
    }
    // Not signed, it is nobody's word: time runs on as though it were not there.
    if (checkpoint === undefined)
      problem = 'the last checkpoint of the audit log is not signed by a known key';
    const contradicts = checkpoint !== undefined && !own.agrees(checkpoint);
    if (contradicts) problem = 'what is signed of the audit log is not what it was sent: nothing is released';
    return { covered: own.covered, contradicts };
  };
  const look = async () => {
    coverage.grew(leaves);
    // Whoever cannot be asked has said nothing, and the time runs on.
    const state = await checkpoints.state(log.origin).catch(() => undefined);
    if (state !== undefined) coverage.observed({ ...judge(state.note), beat: state.beat });
    tell();
    if (!isClosed) timer = setTimeout(look, Math.min(LONGEST_PAUSE, patience / 4));
  };
  void look();

  return {
    log: {
      origin: log.origin,
      get healthy() {
        return log.healthy;
      },
      async append(leaf) {
        if (!coverage.isSound()) throw new AppendError('NOT_COVERED');
        const receipt = await log.append(leaf);
        if (receipt.index >= leaves) leaves = receipt.index + 1n;
        return receipt;
      },
      close: () => log.close(),
    },
    coverage,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await checkpoints.close();
    },
  };
}
