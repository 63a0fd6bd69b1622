import postgres from 'postgres';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { AccessEventPart } from './access-event.ts';
import { LogInUseError } from './append-error.ts';
import type { AuditLog } from './audit-log.ts';
import { type BootLogOptions, openBootLog, startBootLog } from './boot.ts';
import { decodeAccessEvent } from './decode-access-event.ts';
import { leafHash, MerkleTree } from './merkle.ts';
import { createAuditDatabase, type TestAuditDatabase } from './testing/audit-database.ts';
import { type FakeSigner, fakeSigner } from './testing/fake-signer.ts';

let database: TestAuditDatabase;
let owner: postgres.Sql;
let signer: FakeSigner;
let instance = 'gateway-0';
let waited: string[] = [];

beforeAll(async () => {
  database = await createAuditDatabase();
  owner = postgres(database.ownerUrl, { max: 1 });
  signer = fakeSigner(database.signerUrl);
});

beforeEach(() => {
  instance = `gateway-${Number(instance.replace('gateway-', '')) + 1}`;
  waited = [];
});

afterAll(async () => {
  await owner.end();
  await signer[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

const optionsOf = (more: Partial<BootLogOptions> = {}): BootLogOptions => ({
  url: database.writerUrl,
  deployment: 'contactpoint.test',
  instance,
  allowUnsafeServer: true,
  keys: () => signer.keysOf('contactpoint.test'),
  onWaiting: (why) => waited.push(why),
  ...more,
});

async function leavesOf({ origin }: AuditLog): Promise<Buffer[]> {
  const rows = await owner<{ leaf: Buffer }[]>`select leaf from leaf where origin = ${origin} order by index`;
  return rows.map(({ leaf }) => leaf);
}

async function bootOf(log: AuditLog): Promise<AccessEventPart> {
  const [leaf] = await leavesOf(log);
  return decodeAccessEvent(leaf ?? Buffer.alloc(0));
}

async function waitingForLock(): Promise<number> {
  const rows = await owner`select 1 from pg_locks where locktype = 'advisory' and not granted`;
  return rows.length;
}

async function endSessionOf(origin: string): Promise<void> {
  await owner`
    select pg_terminate_backend(pid, 1000) from pg_locks
    where locktype = 'advisory' and granted
      and (classid::bigint << 32 | objid::bigint) = hashtextextended(${origin}, 0)`;
}

describe('the first log of an instance', () => {
  test('begins with its boot, which follows nothing', async () => {
    const log = await openBootLog(optionsOf());
    expect(log.origin).toMatch(new RegExp(`^contactpoint.test/${instance}/\\d{8}T\\d{6}Z-[0-9a-f]{8}$`));
    expect(log.healthy).toBe(true);
    expect((await log.append(Buffer.from('first'))).index).toBe(1n);
    const boot = await bootOf(log);
    expect(boot).toMatchObject({ kind: 'boot', instance, outcome: 'RELEASED', part: 1, parts: 1 });
    expect(boot).not.toHaveProperty('previous');
    expect(waited).toEqual([]);
    await log.close();
  });
});

describe('the next log of an instance', () => {
  test('takes nothing until all of the former one is covered, says why, and then commits to its checkpoint', async () => {
    const former = await openBootLog(optionsOf());
    await former.append(Buffer.from('1'));
    await signer.sign(former.origin);
    await former.append(Buffer.from('2'));
    await former.close();

    const log = await startBootLog(optionsOf());
    await expect
      .poll(() => waited)
      .toEqual([`The former log ${former.origin} holds 3 leaves, and checkpoints cover 2`]);
    expect(log.healthy).toBe(false);
    await expect(log.append(Buffer.from('early'))).rejects.toMatchObject({ code: 'NOT_COVERED' });

    await signer.sign(former.origin);
    await log.booted;
    expect(log.healthy).toBe(true);
    expect((await log.append(Buffer.from('first'))).index).toBe(1n);
    const tree = new MerkleTree((await leavesOf(former)).map(leafHash));
    const rootHash = Buffer.from(tree.root()).toString('base64');
    expect(await bootOf(log)).toMatchObject({ previous: { origin: former.origin, size: '3', rootHash } });
    await log.close();
  });

  test('does not follow one whose last checkpoint nobody signed whose key is known', async () => {
    const former = await openBootLog(optionsOf());
    await former.close();
    // The right size and root, and no signature.
    const root = new MerkleTree((await leavesOf(former)).map(leafHash)).root();
    await owner`
      insert into checkpoint (origin, size, root_hash, signed_note)
      values (${former.origin}, 1, ${root}, 'as good as signed')`;
    const log = await startBootLog(optionsOf());
    await expect
      .poll(() => waited)
      .toEqual([`The last checkpoint of the former log ${former.origin} is not signed by a known key`]);
    await owner`alter table checkpoint disable trigger append_only`;
    await owner`delete from checkpoint where origin = ${former.origin}`;
    await owner`alter table checkpoint enable trigger append_only`;
    await signer.sign(former.origin);
    await log.booted;
    await log.close();
  });

  test('does not follow one whose end was cut off', async () => {
    const former = await openBootLog(optionsOf());
    await former.append(Buffer.from('1'));
    await signer.sign(former.origin);
    await former.close();
    await owner`alter table leaf disable trigger append_only`;
    await owner`delete from leaf where origin = ${former.origin} and index = 1`;
    await owner`alter table leaf enable trigger append_only`;

    const log = await startBootLog(optionsOf());
    await expect
      .poll(() => waited)
      .toEqual([`The former log ${former.origin} holds 1 leaves, and checkpoints cover 2`]);
    await log.close();
    await expect(log.booted).rejects.toMatchObject({ code: 'CLOSED' });
    expect(await leavesOf(log)).toEqual([]);
  });

  test('passes by a boot that came to nothing', async () => {
    const former = await openBootLog(optionsOf());
    await former.close();
    const stuck = await startBootLog(optionsOf());
    await stuck.close();
    await signer.sign(former.origin);
    const log = await openBootLog(optionsOf());
    expect(await bootOf(log)).toMatchObject({ previous: { origin: former.origin, size: '1' } });
    await log.close();
  });
});

describe('two processes of one instance', () => {
  test('the second is refused, and the first goes on', async () => {
    const log = await openBootLog(optionsOf());
    await expect(openBootLog(optionsOf({ patience: 300 }))).rejects.toThrow(LogInUseError);
    expect(waited).toEqual([`Another process writes the audit logs of contactpoint.test/${instance}`]);
    await log.append(Buffer.from('on it goes'));
    await log.close();
  });

  test('the second waits for the first to end, where it is told to', async () => {
    const first = await openBootLog(optionsOf());
    const second = openBootLog(optionsOf({ patience: Number.POSITIVE_INFINITY }));
    await expect.poll(() => waited.length).toBe(1);
    await first.close();
    await signer.sign(first.origin);
    expect(await bootOf(await second)).toMatchObject({ previous: { origin: first.origin } });
    await (await second).close();
  });

  test('one that lost its connection, and was followed meanwhile, keeps nothing any more', async () => {
    const first = await openBootLog(optionsOf());
    await first.append(Buffer.from('1'));
    // Asked for while it is held: so it goes to us, and not to the first one, which seeks it again at once.
    const successor = postgres(database.ownerUrl, { max: 1 });
    const held =
      successor`select pg_advisory_lock(hashtextextended(${`contactpoint.test/${instance}`}, 0))`.execute();
    await expect.poll(waitingForLock).toBe(1);
    await endSessionOf(first.origin);
    await held;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, async (_, turn) => {
        await new Promise((later) => setTimeout(later, turn * 50));
        return await first.append(Buffer.from('late'));
      }),
    );
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await leavesOf(first)).toHaveLength(2);
    await Promise.all([first.close(), successor.end()]);
  });
});

test('instances do not wait for one another', async () => {
  const one = await openBootLog(optionsOf());
  const other = await openBootLog(optionsOf({ instance: 'import' }));
  expect(await bootOf(other)).not.toHaveProperty('previous');
  await Promise.all([one.close(), other.close()]);
});
