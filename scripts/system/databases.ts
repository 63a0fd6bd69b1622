import { CONTRACT_SUBGRAPHS, type ContractSubgraph } from '@contactpoint/contract/sdl';
import postgres from 'postgres';
import { ensurePassword } from './secrets.ts';

/** URL of each subgraph's own database, as its own role. */
export type SubgraphDatabases = Readonly<Record<ContractSubgraph, string>>;

/**
 * One database and one role for each subgraph in the cluster at `superUrl`. A role owns its database and may connect to
 * no other: one agency's password opens one agency's record.
 */
export async function prepareDatabases(superUrl: string, data: string): Promise<SubgraphDatabases> {
  const sql = postgres(superUrl, { max: 1, onnotice: () => {} });
  try {
    const urls = {} as Record<ContractSubgraph, string>;
    for (const subgraph of CONTRACT_SUBGRAPHS) {
      const name = `contactpoint_${subgraph.replace('-', '_')}`;
      const password = ensurePassword(data, name);
      await ensureRole(sql, name, password);
      const [known] = await sql`select 1 from pg_database where datname = ${name}`;
      if (known === undefined) await sql`create database ${sql(name)} owner ${sql(name)}`;
      await sql`revoke connect on database ${sql(name)} from public`;
      urls[subgraph] = urlOf(superUrl, name, password);
    }
    return urls;
  } finally {
    await sql.end();
  }
}

async function ensureRole(sql: postgres.Sql, name: string, password: string): Promise<void> {
  const [known] = await sql`select 1 from pg_roles where rolname = ${name}`;
  const verb = known === undefined ? 'create' : 'alter';
  // A statement of this kind takes no parameters; both words are ours: a fixed name, and base64url.
  await sql.unsafe(`${verb} role "${name}" login password '${password}'`);
}

function urlOf(superUrl: string, name: string, password: string): string {
  const url = new URL(superUrl);
  url.username = name;
  url.password = password;
  url.pathname = `/${name}`;
  return url.href;
}
