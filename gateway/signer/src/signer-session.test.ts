import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import postgres from 'postgres';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SignerSession } from './signer-session.ts';

let database: TestAuditDatabase;
let owner: postgres.Sql;
const uncaught: unknown[] = [];
const listen = (cause: unknown) => void uncaught.push(cause);

beforeAll(async () => {
  database = await createAuditDatabase();
  owner = postgres(database.ownerUrl, { max: 1 });
  process.on('uncaughtException', listen);
});
afterAll(async () => {
  process.off('uncaughtException', listen);
  await owner.end();
  await database[Symbol.asyncDispose]();
});

test.each([
  ['while a statement runs', 100, 0],
  ['between two statements', 0, 100],
])(
  'a server that ends the connection %s ends the session, and not the process',
  async (_case, after, pause) => {
    const session = await SignerSession.open({
      ...{ url: database.signerUrl, deployment: `contactpoint.test-${after}`, deadline: 5_000 },
    });
    const beats = async () => (await owner`select beat from signer_beat`)[0]?.['beat'];
    const before = await beats();
    await expect(
      session?.write(async (sql) => {
        await sql`update signer_beat set beat = beat + 1`;
        const [backend] = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
        const ended = later(after).then(() => owner`select pg_terminate_backend(${backend?.pid ?? 0})`);
        if (pause > 0) await ended.then(() => later(pause));
        await sql`select pg_sleep(1)`;
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(CONNECTION_|ECONN|EPIPE)/) });
    await later(50);
    expect(uncaught).toEqual([]);
    expect(await beats()).toEqual(before);
    await session?.close();
  },
);

function later(milliseconds: number): Promise<void> {
  return new Promise((settle) => setTimeout(settle, milliseconds));
}
