import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { checkpointText } from '@contactpoint/audit-log/checkpoint';
import { readLogKeys } from '@contactpoint/audit-log/log-keys';
import { leafHash, MerkleTree } from '@contactpoint/audit-log/merkle';
import { writeNote } from '@contactpoint/audit-log/note-format';
import { ed25519Signer } from '@contactpoint/audit-log/signed-note';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { type CheckpointWatch, createCheckpointWatch } from './checkpoint-watch.ts';
import { OwnLeaves } from './own-leaves.ts';

const ORIGIN = 'contactpoint.test/gateway-1/20261122T101500Z-4f2a';
const PATIENCE = 200;
const { privateKey: signers } = generateKeyPairSync('ed25519');
const { privateKey: strangers } = generateKeyPairSync('ed25519');
const keys = readLogKeys(ed25519Signer('contactpoint.test', signers).verifierKey);

function noteOver(texts: readonly string[], key: KeyObject = signers, origin = ORIGIN): string {
  const tree = new MerkleTree(texts.map((text) => leafHash(Buffer.from(text))));
  const text = checkpointText({ origin, size: BigInt(texts.length), root: tree.root(), extensions: [] });
  return writeNote({ text, signatures: [ed25519Signer(origin, key).sign(text)] });
}

let watch: CheckpointWatch | undefined;
afterEach(() => watch?.close());

/** A log of two leaves, and a database that says of it whatever `says` holds, with a beat at each look. */
async function watched() {
  const own = new OwnLeaves();
  own.sent(0n, [Buffer.from('boot')]);
  const says = { note: noteOver(['boot']) as string | undefined, beat: 0n };
  const held = { current: keys, reloads: 0 };
  let sent = 1n;
  const lines: string[] = [];
  watch = createCheckpointWatch({
    log: {
      origin: ORIGIN,
      healthy: true,
      async append(leaf) {
        own.sent(sent, [leaf]);
        return { origin: ORIGIN, index: sent++ };
      },
      close: async () => {},
    },
    checkpoints: {
      state: async () => ({ ...says, beat: says.beat++ }),
      previousBoot: async () => undefined,
      close: async () => {},
    },
    own,
    keys: {
      get current() {
        return held.current;
      },
      reload: () => void held.reloads++,
    },
    patience: PATIENCE,
    monotonic: () => performance.now(),
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) }),
  });
  const { log, coverage } = watch;
  await expect.poll(() => coverage.isSound()).toBe(true);
  await log.append(Buffer.from('read'));
  return { log, says, held, lines, isSound: () => coverage.isSound() };
}

test('a log whose checkpoints are its own stays open', async () => {
  const { says, isSound } = await watched();
  says.note = noteOver(['boot', 'read']);
  await new Promise((later) => setTimeout(later, 2 * PATIENCE));
  expect(isSound()).toBe(true);
});

test.each([
  ['nobody signed', 'no note at all\n'],
  ['a stranger signed', noteOver(['boot', 'read'], strangers)],
  ['is of another log', noteOver(['boot', 'read'], signers, `${ORIGIN}0`)],
  ['is an old one, again and again', noteOver(['boot'])],
])(
  'a checkpoint that %s covers nothing, however lively the database makes the signer look',
  async (_case, note) => {
    const { log, says, isSound } = await watched();
    says.note = note;
    await expect.poll(isSound).toBe(false);
    await expect(log.append(Buffer.from('next'))).rejects.toMatchObject({ code: 'NOT_COVERED' });
  },
);

test.each([
  ['a leaf that was changed', ['boot', 'changed']],
  ['a leaf that was never sent', ['boot', 'read', 'planted']],
])('a signed checkpoint over %s closes the log at once', async (_case, leaves) => {
  const { says, lines, isSound } = await watched();
  says.note = noteOver(leaves);
  await expect.poll(isSound, { timeout: PATIENCE }).toBe(false);
  expect(lines.at(-1)).toMatch(/what is signed .* is not what it was sent/);
});

test('a key that came new is taken up when something is signed by it alone', async () => {
  const { says, held, isSound } = await watched();
  says.note = noteOver(['boot', 'read'], strangers);
  await expect.poll(() => held.reloads).toBeGreaterThan(0);
  held.current = readLogKeys(ed25519Signer('contactpoint.test', strangers).verifierKey);
  await new Promise((later) => setTimeout(later, 2 * PATIENCE));
  expect(isSound()).toBe(true);
});
