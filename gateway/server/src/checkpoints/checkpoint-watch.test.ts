import { openBootLog } from '@contactpoint/audit-log/boot';
import { openCheckpointReader } from '@contactpoint/audit-log/checkpoint-reader';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { type FakeSigner, fakeSigner } from '@contactpoint/audit-log/testing/fake-signer';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCheckpointWatch } from './checkpoint-watch.ts';
import { OwnLeaves } from './own-leaves.ts';

const PATIENCE = 60_000;

let database: TestAuditDatabase;
let signer: FakeSigner;

beforeAll(async () => {
  database = await createAuditDatabase();
  signer = fakeSigner(database.signerUrl);
});

afterAll(async () => {
  await signer[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('a log is refused until its signer is heard, again when it falls silent, and taken again when it is back', async () => {
  const own = new OwnLeaves();
  const log = await openBootLog({
    url: database.writerUrl,
    deployment: 'contactpoint.test',
    instance: 'gateway-1',
    allowUnsafeServer: true,
    keys: () => signer.keysOf('contactpoint.test'),
    onSend: (first, leaves) => own.sent(first, leaves),
  });
  let skipped = 0;
  const lines: string[] = [];
  const watch = createCheckpointWatch({
    log,
    checkpoints: openCheckpointReader(database.writerUrl),
    own,
    keys: { current: signer.keysOf('contactpoint.test'), reload: () => {} },
    patience: PATIENCE,
    monotonic: () => performance.now() + skipped,
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line).msg) }),
  });
  const append = () => watch.log.append(Buffer.from('leaf'));
  const isSound = () => watch.coverage.isSound();
  const beatUntil = async (sound: boolean) => {
    await expect
      .poll(
        async () => {
          await signer.beat();
          return isSound();
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe(sound);
  };

  await expect(append()).rejects.toMatchObject({ name: 'AppendError', code: 'NOT_COVERED' });
  await beatUntil(true);
  expect((await append()).index).toBe(1n);

  skipped += PATIENCE + 1;
  await expect(append()).rejects.toMatchObject({ code: 'NOT_COVERED' });
  expect(watch.log.healthy).toBe(true);
  await signer.sign(log.origin);
  await expect.poll(isSound, { timeout: 10_000 }).toBe(true);
  expect((await append()).index).toBe(2n);

  // It beats, and no longer signs this log.
  await expect.poll(() => watch.coverage.lag(), { timeout: 10_000 }).toBeGreaterThan(0);
  skipped += PATIENCE + 1;
  await signer.beat();
  await expect.poll(() => watch.coverage.silence(), { timeout: 10_000 }).toBeLessThan(PATIENCE);
  await expect(append()).rejects.toMatchObject({ code: 'NOT_COVERED' });
  await signer.sign(log.origin);
  await expect.poll(isSound, { timeout: 10_000 }).toBe(true);

  expect(lines).toContain('no checkpoints cover the audit log: nothing is released');
  expect(lines.at(-1)).toBe('checkpoints cover the audit log');
  await watch.close();
  await log.close();
});
