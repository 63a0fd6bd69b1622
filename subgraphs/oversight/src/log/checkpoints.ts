import type { Store } from '@contactpoint/subgraph-kit/store';

/** A signed head of a log. Hashes are base64, as in the note itself. @see https://c2sp.org/tlog-checkpoint */
export interface CheckpointRow {
  readonly origin: string;
  readonly size: string;
  readonly rootHash: string;
  /** With a line for each witness that cosigned. @see https://c2sp.org/tlog-cosignature */
  readonly signedNote: string;
  readonly at: string;
}

/**
 * The latest of each log, that of all logs among them. A log has one a second: the query leaps from log to log and looks at
 * one checkpoint of each.
 */
export async function findCheckpoints(audit: Store): Promise<readonly CheckpointRow[]> {
  return await audit<CheckpointRow[]>`
    with recursive log as (
      (select origin from checkpoint order by origin limit 1)
      union all
      select (select checkpoint.origin from checkpoint where checkpoint.origin > log.origin order by 1 limit 1)
      from log where log.origin is not null
    )
    select ${checkpointColumns(audit)} from log
    cross join lateral (
      select * from checkpoint where checkpoint.origin = log.origin order by size desc limit 1) as checkpoint
    order by checkpoint.origin`;
}

/** @returns Null while there is none. */
export async function findLatestCheckpoint(audit: Store, origin: string): Promise<CheckpointRow | null> {
  const [latest] = await audit<CheckpointRow[]>`
    select ${checkpointColumns(audit)} from checkpoint where origin = ${origin} order by size desc limit 1`;
  return latest ?? null;
}

/**
 * What binds a whole statement: the latest checkpoint of the log of all logs, whose origin is `DEPLOYMENT/aggregate`. Where
 * there is none yet, the newest one of any log.
 */
export async function findBindingCheckpoint(audit: Store): Promise<CheckpointRow | null> {
  const all = await findCheckpoints(audit);
  const aggregate = all.filter(({ origin }) => /^[^/]+\/aggregate$/.test(origin));
  const candidates = aggregate.length > 0 ? aggregate : all;
  return candidates.toSorted((one, other) => (one.at < other.at ? 1 : -1))[0] ?? null;
}

function checkpointColumns(audit: Store) {
  return audit`
    checkpoint.origin, checkpoint.size, encode(checkpoint.root_hash, 'base64') as "rootHash", checkpoint.at,
    checkpoint.signed_note || coalesce((
      select string_agg(line, '' order by witness) from cosignature
      where cosignature.origin = checkpoint.origin and cosignature.size = checkpoint.size), '') as "signedNote"`;
}
