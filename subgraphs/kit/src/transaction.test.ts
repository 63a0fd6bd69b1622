import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect, type Store } from './store.ts';
import { createTestDatabase } from './testing.ts';
import { inTransaction } from './transaction.ts';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let store: Store;
const uncaught: unknown[] = [];
const listen = (cause: unknown) => void uncaught.push(cause);

beforeAll(async () => {
  database = await createTestDatabase();
  store = connect(database.url);
  await store`create table kept (n int)`;
  process.on('uncaughtException', listen);
});
afterAll(async () => {
  process.off('uncaughtException', listen);
  // The driver waits in vain for a connection that was lost within a transaction.
  await store.end({ timeout: 1 });
  await database.drop();
});

const kept = async () => (await store<{ n: number }[]>`select n from kept order by n`).map(({ n }) => n);

describe('inTransaction', () => {
  test('keeps all of it or nothing', async () => {
    expect(
      await inTransaction(store, async (sql) => {
        await sql`insert into kept values (1)`;
        return 'done';
      }),
    ).toBe('done');
    const refusal = new Error('refused');
    await expect(
      inTransaction(store, async (sql) => {
        await sql`insert into kept values (2)`;
        throw refusal;
      }),
    ).rejects.toBe(refusal);
    expect(await kept()).toEqual([1]);
  });

  test.each([
    ['while a statement runs', 100, 1],
    ['between two statements', 0, 0],
  ])(
    'rejects, keeps nothing and harms nobody when the server ends the connection %s',
    async (_case, after, runs) => {
      await expect(
        inTransaction(store, async (sql) => {
          await sql`insert into kept values (3)`;
          const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
          const ended = later(after).then(() => store`select pg_terminate_backend(${backend?.pid ?? 0})`);
          if (runs === 0) await ended.then(() => later(100));
          await sql`select pg_sleep(1)`;
        }),
      ).rejects.toMatchObject({ code: expect.stringMatching(/^(CONNECTION_|ECONN|EPIPE)/) });
      await later(50);
      expect(uncaught).toEqual([]);
      expect(await kept()).toEqual([1]);
    },
  );
});

function later(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds));
}
