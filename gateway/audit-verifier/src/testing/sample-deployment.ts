import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { checkpointText } from '@contactpoint/audit-log/checkpoint';
import { type Hash, leafHash, MerkleTree } from '@contactpoint/audit-log/merkle';
import { writeNote } from '@contactpoint/audit-log/note-format';
import { cosigner, ed25519Signer } from '@contactpoint/audit-log/signed-note';
import { TILE_WIDTH } from '@contactpoint/audit-log/tile-path';
import type { LeafBatch, LogSource, SourceLog } from '../log-source.ts';

/** One boot to make: its leaves, the boot event included, and the sizes at which it was signed. */
export interface SampleBoot {
  readonly instance: string;
  readonly leaves: number;
  /** Ascending; the last one covers all but what is to stay uncovered. */
  readonly checkpoints: readonly number[];
}

/** Everything of one log, in memory, to be changed at will by a test before it is read. */
export interface SampleLog {
  readonly origin: string;
  leaves: (Uint8Array | undefined)[];
  hashes: Hash[];
  /** Signed notes, smallest first. */
  notes: string[];
}

export interface SampleDeployment {
  readonly logs: SampleLog[];
  /** Text of a file of keys. */
  readonly keys: string;
  readonly witnessKeys: string;
  /** The log of an instance's only or given boot. */
  log(instance: string, boot?: number): SampleLog;
  readonly aggregate: SampleLog;
  /** Signs as the deployment does: what a thief of its key could. */
  sign(origin: string, size: number, root: Hash): string;
  source(): LogSource;
}

export const SAMPLE_NAME = 'sample.local';

/**
 * Makes the logs of a deployment as gateway and signer would: chained boots, signed checkpoints, an aggregate that a
 * witness has signed. Keys are random; the leaves always the same.
 */
export function makeSample(boots: readonly SampleBoot[]): SampleDeployment {
  const { privateKey } = generateKeyPairSync('ed25519');
  const witness = cosigner(
    'witness.example',
    generateKeyPairSync('ed25519').privateKey,
    () => new Date(1_700_000_000_000),
  );
  const sign = (origin: string, size: number, root: Hash) => signHead(privateKey, origin, size, root);

  const logs: SampleLog[] = [];
  const aggregate: SampleLog = { origin: `${SAMPLE_NAME}/aggregate`, leaves: [], hashes: [], notes: [] };
  const last = new Map<string, SampleLog>();
  for (const [place, boot] of boots.entries()) {
    const log = makeLog(boot, place, last.get(boot.instance), sign);
    last.set(boot.instance, log);
    logs.push(log);
    for (const note of log.notes) appendLeaf(aggregate, Buffer.from(note));
  }
  const all = aggregate.leaves.length;
  const sizes = [...new Set([1, Math.ceil(all / 2), all])].filter((size) => size <= all);
  aggregate.notes = sizes.map((size) => {
    const note = sign(aggregate.origin, size, new MerkleTree(aggregate.hashes).root(size));
    return addSignature(note, witness.sign(note.slice(0, note.indexOf('\n\n') + 1)));
  });

  return {
    logs: [...logs, aggregate],
    aggregate,
    keys: `# keys of a test\n${ed25519Signer(SAMPLE_NAME, privateKey).verifierKey}\n`,
    witnessKeys: `${witness.verifierKey}\n`,
    sign,
    log(instance, boot = 0) {
      const found = logs.filter(({ origin }) => origin.split('/')[1] === instance)[boot];
      if (found === undefined) throw new Error(`no boot ${boot} of ${instance}`);
      return found;
    },
    source() {
      return sourceOf(this.logs);
    },
  };
}

/** Recomputes a log's tree at a size. */
export function rootOf({ hashes }: SampleLog, size: number): Hash {
  return new MerkleTree(hashes.slice(0, size)).root();
}

function makeLog(
  { instance, leaves, checkpoints }: SampleBoot,
  place: number,
  previous: SampleLog | undefined,
  sign: SampleDeployment['sign'],
): SampleLog {
  const origin = `${SAMPLE_NAME}/${instance}/20261122T1015${String(place).padStart(2, '0')}Z-4f2a`;
  const log: SampleLog = { origin, leaves: [], hashes: [], notes: [] };
  appendLeaf(log, bootLeaf(previous));
  for (let index = 1; index < leaves; index++) appendLeaf(log, eventLeaf(origin, index));
  log.notes = checkpoints.map((size) => sign(origin, size, rootOf(log, size)));
  return log;
}

function appendLeaf(log: SampleLog, leaf: Uint8Array): void {
  log.leaves.push(leaf);
  log.hashes.push(leafHash(leaf));
}

function bootLeaf(previous: SampleLog | undefined): Uint8Array {
  const head = previous && {
    origin: previous.origin,
    size: String(previous.leaves.length),
    rootHash: Buffer.from(rootOf(previous, previous.leaves.length)).toString('base64'),
  };
  return encode('boot', previous?.origin ?? '', 0, { previous: head });
}

/** Every fifth one is an intent, and the one after it its outcome. */
function eventLeaf(origin: string, index: number): Uint8Array {
  if (index % 5 === 0) return encode('intent', origin, index, {});
  if (index % 5 === 1 && index > 1)
    return encode('outcome', origin, index, { intentIndex: String(index - 1) });
  return encode('access', origin, index, {});
}

/** Keys as the encoder of access events orders them. */
function encode(kind: string, origin: string, index: number, more: object): Uint8Array {
  const nonce = createHash('sha256').update(`${origin} ${index}`).digest('hex').slice(0, 32);
  return Buffer.from(
    JSON.stringify({
      version: 1,
      kind,
      nonce,
      part: 1,
      parts: 1,
      at: '2026-11-22T10:15:00.000Z',
      instance: 'gateway-1',
      override: false,
      outcome: 'RELEASED',
      ...more,
      jtis: [],
      subjects: [
        { child: 'VSAQ88A5CC9X2HZ4', released: ['Child.familyName'], withheld: [], policies: ['p'] },
      ],
    }),
  );
}

function signHead(privateKey: KeyObject, origin: string, size: number, root: Hash): string {
  const text = checkpointText({ origin, size: BigInt(size), root, extensions: [] });
  return writeNote({ text, signatures: [ed25519Signer(origin, privateKey).sign(text)] });
}

function addSignature(note: string, signature: ReturnType<ReturnType<typeof cosigner>['sign']>): string {
  const { name, keyHash, signature: bytes } = signature;
  return `${note}— ${name} ${Buffer.concat([keyHash, bytes]).toString('base64')}\n`;
}

function sourceOf(logs: readonly SampleLog[]): LogSource {
  return {
    origins: async () =>
      logs
        .filter(({ leaves, notes }) => leaves.length + notes.length > 0)
        .map(({ origin }) => origin)
        .sort(),
    log(origin) {
      const log = logs.find((one) => one.origin === origin);
      if (log === undefined) throw new Error(`no log ${origin}`);
      return new SampleSource(log);
    },
    strays: async () => [],
  };
}

class SampleSource implements SourceLog {
  readonly origin: string;
  readonly #log: SampleLog;

  constructor(log: SampleLog) {
    this.origin = log.origin;
    this.#log = log;
  }

  async *checkpoints(): AsyncGenerator<string> {
    yield* this.#log.notes;
  }

  async latest(): Promise<string | undefined> {
    return this.#log.notes.at(-1);
  }

  async *leaves(): AsyncGenerator<LeafBatch> {
    for (let first = 0; first < this.#log.leaves.length; first += TILE_WIDTH) {
      const leaves = this.#log.leaves.slice(first, first + TILE_WIDTH);
      yield { first, leaves, hashes: this.#log.hashes.slice(first, first + TILE_WIDTH) };
    }
  }

  async tile(): Promise<undefined> {
    return undefined;
  }

  async *surplus(): AsyncGenerator<never> {
    // Nothing but its leaves, checkpoints and tiles is kept of a sample.
  }
}
