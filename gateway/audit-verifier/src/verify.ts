import { performance } from 'node:perf_hooks';
import { countLeaves } from '@contactpoint/audit-log/leaf-ranges';
import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import type { Hash } from '@contactpoint/audit-log/merkle';
import { aggregateOf, isAggregate } from '@contactpoint/audit-log/origin';
import type { NoteVerifier } from '@contactpoint/audit-log/signed-note';
import { Aggregated, AggregateLeaves } from './checks/aggregated.ts';
import { type Boot, checkBoots, type LogEnd, readBoot } from './checks/boots.ts';
import { Checkpoints } from './checks/checkpoints.ts';
import { Cosignatures } from './checks/cosignatures.ts';
import { GoneLeaves } from './checks/gone-leaves.ts';
import { Intents } from './checks/intents.ts';
import { Leaves } from './checks/leaves.ts';
import { Prunings } from './checks/prunings.ts';
import { Statements } from './checks/statements.ts';
import { checkSurplus } from './checks/surplus.ts';
import { Tiles } from './checks/tiles.ts';
import { TreeHeads } from './checks/tree-heads.ts';
import { Findings } from './findings.ts';
import type { HeadStatement } from './head-statement.ts';
import { kindOf } from './leaf-kind.ts';
import type { LogSource } from './log-source.ts';
import { readLog } from './read-log.ts';
import type { LogReport, VerificationReport } from './report.ts';

export interface VerifyOptions {
  readonly source: LogSource;
  readonly keys: LogKeys;
  /** Witnesses that must have signed the aggregate logs. */
  readonly witnesses?: readonly NoteVerifier[];
  /** Checkpoints that somebody kept, which every log must extend. */
  readonly known?: readonly HeadStatement[];
  /** What is pruned later than now excuses nothing. */
  readonly now?: Date;
  /** Told now and then how many leaves were read. */
  readonly onProgress?: (leaves: number) => void;
}

/** Leaves between two reports of progress. */
const PROGRESS_STEP = 10_000;

/**
 * Checks everything that logs and their checkpoints say against each other, and all of it against the leaves. Reads each
 * log once; what it keeps of a log is one line a checkpoint, two numbers a run of pruned leaves, and nothing a leaf.
 */
export async function verify(options: VerifyOptions): Promise<VerificationReport> {
  const start = performance.now();
  const verification = new Verification(options);
  await verification.run();
  return verification.report(performance.now() - start);
}

class Verification {
  readonly #options: VerifyOptions;
  readonly #findings = new Findings();
  readonly #aggregates: AggregateLeaves;
  readonly #prunings: Prunings;
  readonly #gone = new Map<string, GoneLeaves>();
  /** Any log may say what was pruned from another, so that all have to be read before. */
  readonly #reports: Omit<LogReport, 'prunedBy'>[] = [];
  readonly #ends: LogEnd[] = [];
  #strays: readonly string[] = [];
  #leaves = 0;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#aggregates = new AggregateLeaves(options.keys, this.#findings);
    this.#prunings = new Prunings(options.now ?? new Date());
  }

  async run(): Promise<void> {
    const { source } = this.#options;
    const origins = await source.origins();
    this.#strays = await source.strays();
    // What the aggregates say of the others has to be known before those are read.
    for (const origin of origins.filter(isAggregate)) await this.#verifyLog(origin);
    for (const origin of origins.filter((name) => !isAggregate(name))) await this.#verifyLog(origin);
    this.#checkPresence(new Set(origins));
    checkBoots(this.#ends, this.#findings);
    for (const [origin, gone] of this.#gone) this.#prunings.check(origin, gone, this.#findings);
  }

  report(milliseconds: number): VerificationReport {
    return {
      sound: this.#findings.faults.length === 0,
      logs: this.#reports.map((log) => ({
        ...log,
        prunedBy: log.pruned === 0 ? [] : this.#prunings.of(log.origin).map(({ receipt }) => receipt),
      })),
      faults: this.#findings.faults,
      omittedFaults: this.#findings.omitted,
      strays: this.#strays,
      leaves: this.#leaves,
      milliseconds: Math.round(milliseconds),
    };
  }

  async #verifyLog(origin: string): Promise<void> {
    const { source, keys, witnesses = [], known = [] } = this.#options;
    const findings = this.#findings;
    const log = source.log(origin);
    const ofAggregate = isAggregate(origin);
    const own = {
      hasSigned: (size: number, root: Hash) => checkpoints.hasSigned(size, root),
      get isRefused() {
        return checkpoints.isRefused;
      },
    };
    const aggregated = new Aggregated(origin, this.#aggregates.heads.get(origin), own, findings);
    const cosignatures = new Cosignatures(origin, ofAggregate ? witnesses : [], findings);
    const checkpoints = await Checkpoints.open({
      log,
      keys,
      findings,
      onCheckpoint: (checkpoint) => {
        cosignatures.take(checkpoint);
        if (!ofAggregate) aggregated.expect(checkpoint);
      },
    });
    const statements = new Statements(
      origin,
      known.filter((statement) => statement.origin === origin),
      findings,
    );
    const leaves = new Leaves(origin, findings);
    const gone = new GoneLeaves(origin);
    const intents = new Intents();
    const tiles = new Tiles(log, findings);
    let boot: Boot | undefined;

    const read = await readLog({
      log,
      heads: new TreeHeads([checkpoints, aggregated, statements]),
      tiles,
      findings,
      covered: () => checkpoints.newest?.size ?? 0,
      onLeaf: (index, leaf, hash) => {
        this.#count();
        gone.take(index, leaf);
        if (leaf !== undefined) leaves.take(index, leaf, hash);
        if (ofAggregate) return this.#aggregates.take(origin, index, leaf);
        if (leaf === undefined) return;
        if (index === 0) boot = readBoot(leaf);
        const kind = kindOf(leaf);
        if (kind === undefined) return;
        intents.take(kind, index, leaf);
        this.#prunings.take(kind, leaf, `${origin} ${index}`);
      },
    });
    await checkpoints.checkLatest();
    if (!ofAggregate) aggregated.end();
    await checkSurplus(log, read, checkpoints.newest?.size ?? 0, findings);
    cosignatures.end();

    if (!ofAggregate) this.#ends.push({ origin, boot, ...read });
    this.#gone.set(origin, gone);
    const newest = checkpoints.newest;
    this.#reports.push({
      origin,
      leaves: read.leaves,
      checkpoints: checkpoints.count,
      covered: Math.min(newest?.size ?? 0, read.leaves),
      ...(newest === undefined ? {} : { rootHash: Buffer.from(newest.root).toString('base64') }),
      tiles: tiles.count,
      pruned: countLeaves(gone.ranges),
      prunedRanges: gone.ranges,
      openIntents: intents.count,
      firstOpenIntents: intents.first,
      cosigned: cosignatures.cosigned,
    });
  }

  /** Logs that statements name, and the aggregate of each deployment, are there. */
  #checkPresence(origins: ReadonlySet<string>): void {
    const missing = (origin: string, message: string) => {
      if (!origins.has(origin)) this.#findings.add({ code: 'MISSING_LOG', origin, message });
    };
    for (const origin of this.#aggregates.heads.keys()) missing(origin, `${aggregateOf(origin)} names it`);
    for (const { origin, by } of this.#options.known ?? []) missing(origin, `${by} names it`);
    for (const aggregate of new Set([...origins].map(aggregateOf))) {
      missing(aggregate, 'the logs of this deployment have no aggregate');
    }
  }

  #count(): void {
    this.#leaves++;
    if (this.#leaves % PROGRESS_STEP === 0) this.#options.onProgress?.(this.#leaves);
  }
}
