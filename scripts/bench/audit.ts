import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { type BootLogOptions, openBootLog } from '@contactpoint/audit-log/boot';
import { OwnLeaves } from '@contactpoint/gateway/checkpoints/own-leaves';
import { openKnownKeys } from '../audit/known-keys.ts';
import { workingIn } from '../postgres/postmaster.ts';
import { startClusters } from '../system/clusters.ts';
import { findFreeRange } from '../system/free-ports.ts';
import { portsFrom } from '../system/ports.ts';
import { readRunFile } from '../system/run-file.ts';
import { type AppendFigures, measureAppends } from './append-load.ts';
import { type LeafMaker, leafMakers } from './audit-leaves.ts';
import { familyOf } from './memory.ts';
import { joinedChild, startOwnSystem } from './own-system.ts';
import { measureViewLoad, type ViewLoadFigures } from './view-load.ts';

export interface AuditBench {
  readonly callers: number;
  readonly seconds: number;
}

export interface SizeFigures {
  readonly name: string;
  /** Bytes of one leaf. */
  readonly size: number;
  /** CPU microseconds to encode one event. */
  readonly encoding: number;
  /** With nothing else at the log. */
  readonly alone: AppendFigures;
  /** With signer, tiles and projection running, and the rest of an idle system. */
  readonly signed: AppendFigures;
}

export interface AuditFigures extends AuditBench {
  readonly sizes: readonly SizeFigures[];
  readonly view: ViewLoadFigures;
  /** What of a joined view's CPU goes to its event: encoding, appending, and the database's work. */
  readonly share: number;
  /** Events verified a second, tiles and checkpoints with them. */
  readonly verified: number;
}

/** Encodings of one event that are measured. */
const ENCODINGS = 20_000;

/** Measures the log on its own, then under a system that signs and projects it, then what a joined view spends on it. */
export async function measureAudit(bench: AuditBench): Promise<AuditFigures> {
  const makers = leafMakers();
  const alone = await measureAlone(bench, makers);
  const own = await startOwnSystem(60);
  try {
    const run = readRunFile(own.data);
    if (run === undefined) throw new Error(`No system runs on ${own.data}`);
    const view = await measureViewLoad({
      ...{ ...run.urls, child: joinedChild(own.data), system: () => familyOf(run.pid) },
      ...bench,
    });
    const keys = openKnownKeys(own.data, {});
    const signed = await withLog({ url: run.audit.writerUrl, keys }, (log) =>
      measureEach(bench, makers, log, join(own.data, 'audit-postgres', 'data')),
    );
    const sizes = makers.map((maker, place) => ({
      name: maker.name,
      size: maker.size,
      encoding: encodingOf(maker),
      alone: alone[place] as AppendFigures,
      signed: signed[place] as AppendFigures,
    }));
    const [, event] = sizes;
    const share =
      event === undefined ? 0 : (event.encoding + event.alone.cpu + event.alone.serverCpu) / view.cpu;
    return { ...bench, sizes, view, share, verified: await verifiedPerSecond(own.data) };
  } finally {
    await own.stop();
  }
}

async function measureAlone(bench: AuditBench, makers: readonly LeafMaker[]): Promise<AppendFigures[]> {
  const data = mkdtempSync(join(tmpdir(), 'contactpoint-bench-log-'));
  // The server is not root.
  chmodSync(data, 0o755);
  const clusters = await startClusters({ data }, portsFrom(await findFreeRange()));
  try {
    const keys = () => {
      throw new Error('nobody has written to this database before');
    };
    return await withLog({ url: clusters.audit.writerUrl, keys }, (log) =>
      measureEach(bench, makers, log, join(data, 'audit-postgres', 'data')),
    );
  } finally {
    await clusters.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

async function withLog<T>(
  where: Pick<BootLogOptions, 'url' | 'keys'>,
  use: (log: AuditLog) => Promise<T>,
): Promise<T> {
  // A gateway hashes what it sends, to hold checkpoints against it.
  const own = new OwnLeaves();
  const onSend = own.sent.bind(own);
  const log = await openBootLog({ ...where, deployment: 'contactpoint.local', instance: 'bench', onSend });
  try {
    return await use(log);
  } finally {
    await log.close();
  }
}

async function measureEach(
  bench: AuditBench,
  makers: readonly LeafMaker[],
  log: AuditLog,
  data: string,
): Promise<AppendFigures[]> {
  const figures: AppendFigures[] = [];
  for (const { next } of makers) {
    figures.push(await measureAppends({ ...bench, log, next, server: () => workingIn(data) }));
  }
  return figures;
}

function encodingOf({ encode }: LeafMaker): number {
  for (let warm = 0; warm < ENCODINGS; warm++) encode();
  const before = process.cpuUsage();
  for (let turn = 0; turn < ENCODINGS; turn++) encode();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / ENCODINGS;
}

const AUDIT = fileURLToPath(new URL('../audit.ts', import.meta.url));

/** As an administrator verifies: `npm run audit -- verify`, with what it says of its own time. */
async function verifiedPerSecond(data: string): Promise<number> {
  const { stdout } = await promisify(execFile)(process.execPath, [AUDIT, 'verify', '--data', data, '--json']);
  const { leaves, milliseconds } = JSON.parse(stdout) as { leaves: number; milliseconds: number };
  return Math.round((leaves / milliseconds) * 1_000);
}
