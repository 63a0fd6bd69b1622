import { readdirSync, readFileSync } from 'node:fs';
import postgres from 'postgres';

export interface RoleCredentials {
  readonly user: string;
  readonly password: string;
}

export interface AuditRoles {
  /** The gateways': may open sessions of logs and append to them, through the functions that do, and nothing else. */
  readonly writer: RoleCredentials;
  /** Oversight's and the verifier's: may select and nothing else. */
  readonly reader: RoleCredentials;
  /** The signer's: may read the hashes of leaves but not the leaves, and insert checkpoints and what belongs to them. */
  readonly signer: RoleCredentials;
  /** May read, and prune leaves through the one function that does. */
  readonly retention: RoleCredentials;
}

const MIGRATIONS = new URL('../migrations/', import.meta.url);

/**
 * Makes the log's tables and its four roles in the database that the URL names; changes nothing that is already so,
 * except the passwords, which become the given ones.
 *
 * @param ownerUrl A superuser, or an owner of the database who may create roles. No gateway ever gets it.
 */
export async function prepareAuditDatabase(ownerUrl: string, roles: AuditRoles): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, connect_timeout: 5, onnotice: () => undefined });
  try {
    await sql.begin(async (transaction) => {
      await transaction`select pg_advisory_xact_lock(hashtext('contactpoint.audit.migration'))`;
      await migrate(transaction);
      const { writer, reader, signer, retention } = roles;
      for (const role of [writer, reader, signer, retention]) await keepRole(transaction, role);
      await grantWriter(transaction, writer.user);
      await grantReaders(transaction, reader.user, retention.user);
      await grantSigner(transaction, signer.user);
      await transaction`select make_leaf_partitions((now() at time zone 'UTC')::date, 14)`;
    });
  } finally {
    await sql.end();
  }
}

async function migrate(sql: postgres.TransactionSql): Promise<void> {
  await sql`create table if not exists migration (name text primary key, applied_at timestamptz not null default now())`;
  const applied = new Set(
    (await sql<{ name: string }[]>`select name from migration`).map(({ name }) => name),
  );
  for (const name of readdirSync(MIGRATIONS).sort()) {
    if (!name.endsWith('.sql') || applied.has(name)) continue;
    await sql.unsafe(readFileSync(new URL(name, MIGRATIONS), 'utf8'));
    await sql`insert into migration (name) values (${name})`;
  }
}

/** The server quotes name and password: DDL takes no parameters. */
async function keepRole(sql: postgres.TransactionSql, { user, password }: RoleCredentials): Promise<void> {
  const [role] = await sql`select 1 from pg_roles where rolname = ${user}`;
  const verb = role === undefined ? 'create' : 'alter';
  const [statement] = await sql<{ text: string }[]>`
    select format(
      ${`${verb} role %I login nosuperuser nocreatedb nocreaterole noreplication password %L`}::text,
      ${user}::text, ${password}::text
    ) as text`;
  await sql.unsafe(statement?.text ?? '');
}

async function grantWriter(sql: postgres.TransactionSql, writer: string): Promise<void> {
  await sql`grant usage on schema public to ${sql(writer)}`;
  // Earlier versions let it insert, and a column's privilege goes with its table's.
  await sql`revoke all on all tables in schema public from ${sql(writer)}`;
  await sql`revoke execute on function next_leaf_index(text) from ${sql(writer)}`;
  await sql`
    grant execute on function open_writer_session(text, bytea), append_leaves(bigint, bytea, bigint, bytea, int[]),
      make_leaf_partitions(date, int), checkpoint_state(text), previous_boot(text), newest_checkpoint(text)
    to ${sql(writer)}`;
}

async function grantReaders(sql: postgres.TransactionSql, reader: string, retention: string): Promise<void> {
  await sql`grant usage on schema public to ${sql(reader)}, ${sql(retention)}`;
  await sql`
    grant select on leaf, writer_session, append_position, checkpoint, cosignature, tile, aggregate_leaf, signer_beat
    to ${sql(reader)}, ${sql(retention)}`;
  await sql`grant execute on function listed_grants(bytea) to ${sql(reader)}, ${sql(retention)}`;
  await sql`grant execute on function prune_leaves(text, bigint[]) to ${sql(retention)}`;
  // Tables that later migrations bring.
  await sql`alter default privileges in schema public grant select on tables to ${sql(reader)}, ${sql(retention)}`;
}

async function grantSigner(sql: postgres.TransactionSql, signer: string): Promise<void> {
  await sql`grant usage on schema public to ${sql(signer)}`;
  await sql`grant select (origin, index, at, leaf_hash) on leaf to ${sql(signer)}`;
  await sql`grant select on writer_session to ${sql(signer)}`;
  await sql`grant select, insert on checkpoint, cosignature, tile, aggregate_leaf to ${sql(signer)}`;
  await sql`grant select, update on signer_beat to ${sql(signer)}`;
}
