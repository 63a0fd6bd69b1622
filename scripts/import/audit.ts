import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { AccessEvent, ImportSummary } from '@contactpoint/audit-log/access-event';
import type { AuditLog, LeafReceipt } from '@contactpoint/audit-log/audit-log';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import type { ImportReport } from '@contactpoint/subgraph-kit/import-report';
import { openCommandLog } from '../audit/command-log.ts';
import { ImportError } from './import-error.ts';

/** Name under which imports stand in the log, beside the gateways. */
const INSTANCE = 'import';

export interface ImportAudit {
  /** Keeps the outcome: figures and the children touched, never a value. */
  complete(report: ImportReport, touched: Touched): Promise<void>;
  /** Keeps that the import came to nothing. */
  refuse(code: string): Promise<void>;
  close(): Promise<void>;
}

/** Whose records an import touched. */
export interface Touched {
  /** ContactPoint numbers. */
  readonly childIds: Iterable<string>;
  /** `LA-975`, where the source is one organisation's return. */
  readonly organisation?: string;
}

export interface ImportAuditOptions {
  readonly auditUrl: string;
  readonly deployment: string;
  /** Keys by which the log of the import before must be signed. */
  readonly keys: () => LogKeys;
  /** `cin`. */
  readonly source: string;
  readonly files: readonly string[];
  /** Told what the import waits for: another one, or a checkpoint over the last one. */
  readonly onWaiting?: (why: string) => void;
  /** Milliseconds to wait for that checkpoint; 60,000 by default. */
  readonly coveredWithin?: number;
  /** For tests, see `PostgresLogOptions`. */
  readonly allowUnsafeServer?: boolean;
}

/**
 * Records the intent of an import in a log of its own; resolves when that is durable, so that nothing is stored before.
 * One import runs at a time: the next one waits for it to end.
 *
 * @throws ImportError AUDIT_UNAVAILABLE when it cannot be recorded, also from `complete`: the import must then be run
 *   again, which changes nothing that is stored already.
 */
export async function recordIntent(options: ImportAuditOptions): Promise<ImportAudit> {
  const { source, files } = options;
  const digest = await digestOf(files);
  const { auditUrl: url, deployment, keys, onWaiting, coveredWithin, allowUnsafeServer = false } = options;
  const log = await available(() =>
    openCommandLog({
      ...{ url, deployment, instance: INSTANCE, keys, patience: Number.POSITIVE_INFINITY },
      ...(onWaiting === undefined ? {} : { onWaiting }),
      ...{ coveredWithin, allowUnsafeServer },
    }),
  );
  const nothing = { rows: 0, accepted: 0, updated: 0, unchanged: 0, quarantined: 0 };
  const event = eventOf({ source, digest, ...nothing });
  let intentIndex: bigint;
  try {
    intentIndex = (await append(log, { ...event, kind: 'intent' })).index;
  } catch (cause) {
    await log.close();
    throw cause;
  }

  return {
    async complete({ rows, accepted, updated, unchanged, quarantined }, { childIds, organisation }) {
      const figures = { rows, accepted, updated, unchanged, quarantined: quarantined.length };
      const outcome = {
        ...eventOf({ source, digest, ...figures }),
        kind: 'import',
        intentIndex,
        ...(organisation === undefined ? {} : { organisation }),
        subjects: [...new Set(childIds)].map((child) => ({
          child,
          released: [],
          withheld: [],
          policies: [],
        })),
      } as const;
      await append(log, outcome, true);
    },
    async refuse(code) {
      await append(log, {
        ...eventOf({ source, digest, ...nothing }),
        kind: 'import',
        intentIndex,
        outcome: 'REFUSED',
        refusal: { code },
      });
    },
    close: () => log.close(),
  };
}

function eventOf(summary: ImportSummary): AccessEvent {
  return {
    version: 1,
    kind: 'import',
    nonce: randomBytes(16).toString('hex'),
    at: new Date().toISOString(),
    instance: INSTANCE,
    override: false,
    outcome: 'RELEASED',
    import: summary,
    jtis: [],
    subjects: [],
  };
}

/** @returns Receipt of the first part, which names the event. */
async function append(log: AuditLog, event: AccessEvent, isIncomplete = false): Promise<LeafReceipt> {
  return await available(async () => {
    const [first, ...others] = encodeAccessEvent(event);
    if (first === undefined) throw new Error('an event without a leaf');
    const receipt = await log.append(first);
    for (const leaf of others) await log.append(leaf);
    return receipt;
  }, isIncomplete);
}

async function available<T>(work: () => Promise<T>, isIncomplete = false): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ImportError('AUDIT_UNAVAILABLE', `The audit log does not take the import: ${why}`, {
      cause,
      isIncomplete,
    });
  }
}

/** Hex SHA-256 of the files, one after the other. */
async function digestOf(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  try {
    for (const file of files) for await (const bytes of createReadStream(file)) hash.update(bytes);
  } catch (cause) {
    const { code, path } = cause as NodeJS.ErrnoException;
    throw new ImportError('FILE_NOT_READABLE', `${path ?? 'A file'} cannot be read (${code})`, { cause });
  }
  return hash.digest('hex');
}
