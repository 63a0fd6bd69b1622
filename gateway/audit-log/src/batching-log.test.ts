import { describe, expect, test } from 'vitest';
import { AuditStoreError } from './append-error.ts';
import { type OpenSession, openBatchingLog } from './batching-log.ts';
import type { LogSession } from './log-session.ts';

/** A store in memory whose sessions can be made to end, and which can be made to forget. */
function store() {
  const leaves: string[] = [];
  const server = { look: async () => {} };
  let lose = () => {};
  const openSession: OpenSession = async () => {
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    lose = resolve;
    const session: LogSession = {
      lost,
      next: BigInt(leaves.length),
      async insert(batch) {
        const first = BigInt(leaves.length);
        leaves.push(...batch.map((leaf) => Buffer.from(leaf).toString()));
        return first;
      },
      look: () => server.look(),
      tend: async () => {},
      abandon: () => {},
      close: async () => {},
    };
    return session;
  };
  return { leaves, server, openSession, endSession: () => lose() };
}

const until = (log: { readonly healthy: boolean }, healthy: boolean) =>
  expect.poll(() => log.healthy, { interval: 5 }).toBe(healthy);

describe('a store that comes back', () => {
  test('with everything that it acknowledged goes on', async () => {
    const { openSession, endSession, leaves } = store();
    const log = await openBatchingLog('a', openSession);
    await log.append(Buffer.from('0'));
    endSession();
    await until(log, true);
    leaves.push('1, which was kept and not acknowledged');
    await until(log, true);
    expect((await log.append(Buffer.from('2'))).index).toBe(2n);
    await log.close();
  });

  test('with less, as from a backup, is not written again: an index would stand for two leaves', async () => {
    const { openSession, endSession, leaves } = store();
    const log = await openBatchingLog('a', openSession);
    await log.append(Buffer.from('0'));
    await log.append(Buffer.from('1'));
    leaves.pop();
    endSession();
    await until(log, false);
    await expect
      .poll(() => log.append(Buffer.from('again')).catch((error: Error) => error.cause))
      .toMatchObject({ message: 'The store of a holds 1 leaves, and had acknowledged 2' });
    leaves.push('1');
    await until(log, true);
    expect((await log.append(Buffer.from('2'))).index).toBe(2n);
    await log.close();
  });
});

test('a store that is found to lose what it acknowledges is given up with nobody appending, and told of once', async () => {
  const { openSession, server } = store();
  const told: string[] = [];
  const log = await openBatchingLog('a', openSession, {
    onOutage: (cause) => void told.push((cause as Error).message),
    onRecovery: () => void told.push('well'),
  });
  server.look = async () => {
    server.look = async () => {};
    throw new AuditStoreError('fsync = off');
  };
  await expect.poll(() => told, { timeout: 10_000 }).toEqual(['fsync = off', 'well']);
  expect(log.healthy).toBe(true);
  await log.close();
});

test('what is kept while nobody can be told of it fails alone', async () => {
  const log = await openBatchingLog('a', store().openSession, {
    onSend: () => {
      throw new RangeError('not told');
    },
  });
  await expect(log.append(Buffer.from('0'))).rejects.toMatchObject({ cause: { message: 'not told' } });
  await log.close();
});
