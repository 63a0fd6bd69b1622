import {
  AccessEventError,
  type AccessEventPart,
  type AccessOutcome,
} from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import type postgres from 'postgres';
import { unreadable as unreadableSource } from './reconcile-error.ts';
import { type UnreadableLeaf, UnreadableLeaves } from './unreadable-leaves.ts';

/** One `jti` that an event of the log lists, and where that stands. */
export interface LoggedGrant {
  readonly jti: string;
  /** Hex SHA-256 that names the event. */
  readonly evt: string;
  readonly origin: string;
  /** Of the leaf that lists it. */
  readonly index: string;
  /** When the log took the leaf, by its database's clock; RFC 3339. */
  readonly keptAt: string;
  /** Which of the event's parts the leaf is, and how many there are; they stand one after the other. */
  readonly part: number;
  readonly parts: number;
}

/** An event as far as an agency's journal can be held against it. */
export interface LoggedEvent {
  /** When the request came, by the gateway's clock; RFC 3339. */
  readonly at: string;
  readonly practitioners: ReadonlySet<string>;
  readonly outcome: AccessOutcome;
  /** Whether it ended without its answer, so that all it names is withheld, asked for or not. */
  readonly isUnanswered: boolean;
  /** By ContactPoint number. */
  readonly children: ReadonlyMap<string, LoggedChild>;
}

/** Schema coordinates of one child. */
export interface LoggedChild {
  readonly released: ReadonlySet<string>;
  readonly withheld: ReadonlySet<string>;
}

/** Rows fetched at a time. */
const FETCHED = 1_000;

/** The log, read as its reader. */
export interface GrantLog {
  /** Grants in the order of their `jti`s' bytes, through a cursor. */
  readonly grants: AsyncIterable<LoggedGrant>;
  /** Leaves that turned out to be no events, so far. */
  readonly unreadable: UnreadableLeaves;
  /** The events that list these grants, by `origin index` of the leaf that does; without those that cannot be read. */
  eventsOf(grants: readonly LoggedGrant[]): Promise<ReadonlyMap<string, LoggedEvent>>;
}

/**
 * @param since Leaves kept from this moment on; all of them where it is undefined.
 * @throws ReconcileError when the log cannot be read.
 */
export function openGrantLog(sql: postgres.Sql, since: Date | undefined): GrantLog {
  const unreadable = new UnreadableLeaves();
  return {
    grants: readGrants(sql, since, unreadable),
    unreadable,
    eventsOf: async (grants) => await readEvents(sql, grants, unreadable),
  };
}

export function keyOf({ origin, index }: Pick<LoggedGrant, 'origin' | 'index'>): string {
  return `${origin} ${index}`;
}

/** The database takes the `jti`s out and sorts them: it spills to disk what does not fit into its memory. */
async function* readGrants(
  sql: postgres.Sql,
  since: Date | undefined,
  unreadable: UnreadableLeaves,
): AsyncGenerator<LoggedGrant> {
  const rows = sql<(LoggedGrant | (UnreadableLeaf & { readonly jti: null }))[]>`
    select jti collate "C" as jti, origin, index::text, evt, part, parts,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "keptAt"
    from leaf, lateral listed_grants(leaf) as listed
    where leaf is not null and at >= ${since ?? new Date(0)}
    order by 1`;
  try {
    for await (const batch of rows.cursor(FETCHED)) {
      for (const row of batch) {
        if (row.jti === null) unreadable.add(row);
        else yield row;
      }
    }
  } catch (cause) {
    throw unreadableSource('The audit log', cause);
  }
}

async function readEvents(
  sql: postgres.Sql,
  grants: readonly LoggedGrant[],
  unreadable: UnreadableLeaves,
): Promise<Map<string, LoggedEvent>> {
  const wanted = [...new Map(grants.map((grant) => [keyOf(grant), grant])).values()];
  // Parts are appended together, and may still come to lie in two commits.
  const rows = await sql<(UnreadableLeaf & { key: string; leaf: Buffer })[]>`
    select wanted.origin || ' ' || wanted.index as key, leaf.origin, leaf.index::text, leaf.leaf
    from unnest(
      ${wanted.map(({ origin }) => origin)}::text[], ${wanted.map(({ index }) => index)}::bigint[],
      ${wanted.map(({ part }) => part)}::int[], ${wanted.map(({ parts }) => parts)}::int[],
      ${wanted.map(({ keptAt }) => keptAt)}::timestamptz[]
    ) as wanted (origin, index, part, parts, at)
    join leaf on leaf.origin = wanted.origin and leaf.leaf is not null
      and leaf.index between wanted.index - wanted.part + 1 and wanted.index - wanted.part + wanted.parts
      and leaf.at between wanted.at - interval '1 minute' and wanted.at + interval '1 minute'`.catch(
    (cause: unknown) => {
      throw unreadableSource('The audit log', cause);
    },
  );
  const events = new Map<string, LoggedEvent>();
  for (const [key, leaves] of Map.groupBy(rows, (row) => row.key)) {
    const parts = leaves.map((leaf) => readPart(leaf, unreadable));
    if (parts.every((part) => part !== undefined)) events.set(key, eventOf(parts));
  }
  return events;
}

function readPart(
  { origin, index, leaf }: UnreadableLeaf & { readonly leaf: Uint8Array },
  unreadable: UnreadableLeaves,
): AccessEventPart | undefined {
  try {
    return decodeAccessEvent(leaf);
  } catch (cause) {
    if (!(cause instanceof AccessEventError)) throw cause;
    unreadable.add({ origin, index });
    return undefined;
  }
}

function eventOf(parts: readonly AccessEventPart[]): LoggedEvent {
  const children = new Map<string, { released: Set<string>; withheld: Set<string> }>();
  for (const { child, released, withheld } of parts.flatMap(({ subjects }) => subjects)) {
    const known = children.get(child) ?? { released: new Set(), withheld: new Set() };
    children.set(child, known);
    for (const coordinate of released) known.released.add(coordinate);
    for (const coordinate of withheld) known.withheld.add(coordinate);
  }
  const people = parts.flatMap(({ practitioner, mediator }) => [practitioner, mediator]);
  return {
    at: parts[0]?.at ?? '',
    outcome: parts[0]?.outcome ?? 'REFUSED',
    isUnanswered: parts[0]?.refusal !== undefined,
    practitioners: new Set(people.filter((person) => person !== undefined)),
    children,
  };
}
