import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openBootLog } from './boot.ts';
import { decodeAccessEvent } from './decode-access-event.ts';
import { leafHash } from './merkle.ts';
import { openPostgresLog } from './postgres-log.ts';
import { type AuditRoles, prepareAuditDatabase } from './schema.ts';
import { fakeSigner } from './testing/fake-signer.ts';

const MIGRATIONS = new URL('../migrations/', import.meta.url);
const FORMER = 'contactpoint.test/gateway-1/20260101T000000Z-4f2a';

let server: postgres.Sql;
let owner: postgres.Sql;
let name: string;
let roles: AuditRoles;

const urlOf = (user?: string) => {
  const url = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  url.pathname = name;
  if (user !== undefined) [url.username, url.password] = [user, 'secret'];
  return url.href;
};

beforeEach(async () => {
  name = `audit_${randomBytes(6).toString('hex')}`;
  const role = (which: string) => ({ user: `${name}_${which}`, password: 'secret' });
  roles = {
    writer: role('writer'),
    reader: role('reader'),
    signer: role('signer'),
    retention: role('retention'),
  };
  server = postgres(process.env['TEST_DATABASE_URL'] ?? '', { max: 1, onnotice: () => undefined });
  await server`create database ${server(name)}`;
  owner = postgres(urlOf(), { max: 1, onnotice: () => undefined });
});

afterEach(async () => {
  await owner.end();
  await server`drop database ${server(name)} with (force)`;
  for (const { user } of Object.values(roles)) await server`drop role if exists ${server(user)}`;
  await server.end();
});

/** A database as the third migration left it: its writer inserts, and has kept a boot and an access. */
async function prepareFormerDatabase(): Promise<void> {
  await owner`create table migration (name text primary key, applied_at timestamptz not null default now())`;
  for (const file of readdirSync(MIGRATIONS).sort().slice(0, 3)) {
    await owner.unsafe(readFileSync(new URL(file, MIGRATIONS), 'utf8'));
    await owner`insert into migration (name) values (${file})`;
  }
  const { user } = roles.writer;
  await owner.unsafe(`create role ${user} login password 'secret'`);
  await owner`grant usage on schema public to ${owner(user)}`;
  await owner`grant insert (origin, index, at, leaf, leaf_hash) on leaf to ${owner(user)}`;
  await owner`grant insert on writer_session to ${owner(user)}`;
  await owner`grant execute on function next_leaf_index(text) to ${owner(user)}`;
  await owner`select make_leaf_partitions(current_date, 1)`;
  const writer = postgres(urlOf(user), { max: 1 });
  await writer`insert into writer_session (origin, next_index) values (${FORMER}, 0)`;
  for (const index of [0, 1]) {
    const leaf = Buffer.from(String(index));
    await writer`insert into leaf (origin, index, at, leaf, leaf_hash) values (${FORMER}, ${index}, now(), ${leaf}, ${leafHash(leaf)})`;
  }
  await writer.end();
}

test('a database that was prepared before writers had functions keeps what it holds, and its writer the functions alone', async () => {
  await prepareFormerDatabase();
  const held = await owner`select * from leaf order by index`;
  await prepareAuditDatabase(urlOf(), roles);
  expect(await owner`select * from leaf order by index`).toEqual(held);

  const url = urlOf(roles.writer.user);
  const writer = postgres(url, { max: 1 });
  for (const statement of [
    `insert into leaf (origin, index, at, leaf, leaf_hash) values ('${FORMER}', 2, now(), '', sha256('\\x00'))`,
    `insert into writer_session (origin, next_index) values ('${FORMER}', 2)`,
  ])
    await expect(writer.unsafe(statement)).rejects.toMatchObject({ code: '42501' });
  await writer.end();
  await expect(openPostgresLog({ url, origin: FORMER, allowUnsafeServer: true })).rejects.toMatchObject({
    code: '42501',
  });

  await using signer = fakeSigner(urlOf(roles.signer.user));
  await signer.sign(FORMER);
  const log = await openBootLog({
    ...{ url, deployment: 'contactpoint.test', instance: 'gateway-1', allowUnsafeServer: true },
    keys: () => signer.keysOf('contactpoint.test'),
  });
  const [boot] = await owner<{ leaf: Buffer }[]>`select leaf from leaf where origin = ${log.origin}`;
  expect(decodeAccessEvent(boot?.leaf ?? Buffer.alloc(0))).toMatchObject({
    previous: { origin: FORMER, size: '2' },
  });
  await log.close();
});
