import { eventDigest } from '@contactpoint/access/grant';
import postgres from 'postgres';
import type { Answer, TestSystem } from '../running-system.ts';
import { leafOf } from './access-log.ts';

/** One row of an agency's journal: what it resolved of one child under one grant. */
export interface JournalRow {
  readonly subgraph: string;
  readonly jti: string;
  readonly evt: string;
  readonly practitioner: string;
  readonly operation: string;
  readonly childId: string | null;
  readonly coordinates: readonly string[];
}

/** What all agencies wrote down under the event that an answer's receipt names. */
export async function journaledUnder(system: TestSystem, answer: Answer): Promise<JournalRow[]> {
  const { event } = await leafOf(system, answer);
  const evt = eventDigest(Buffer.from(event.nonce, 'hex'));
  return (await readJournals(system)).filter((row) => row.evt === evt);
}

/** The journals of all agencies, whole. */
export async function readJournals({ databases }: TestSystem): Promise<JournalRow[]> {
  const journals = await Promise.all(
    Object.entries(databases).map(async ([subgraph, url]) => {
      const sql = postgres(url, { max: 1 });
      const rows = await sql<Omit<JournalRow, 'subgraph'>[]>`
        select jti, evt, practitioner, operation, child_id as "childId", coordinates
        from access_journal order by id`;
      await sql.end();
      return rows.map((row) => ({ subgraph, ...row }));
    }),
  );
  return journals.flat();
}

/** Requests to subgraphs under an answer's event, `{ health: 1 }`; questions for facts and principals left out. */
export async function requestsUnder(system: TestSystem, answer: Answer): Promise<Record<string, number>> {
  const rows = (await journaledUnder(system, answer)).filter(({ operation }) => operation === 'query');
  const jtis = new Map<string, Set<string>>();
  for (const { subgraph, jti } of rows) jtis.set(subgraph, (jtis.get(subgraph) ?? new Set()).add(jti));
  return Object.fromEntries([...jtis].map(([subgraph, { size }]) => [subgraph, size]));
}
