import type { AccessEventPart, AccessOutcome } from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import type postgres from 'postgres';
import { unreadable } from './reconcile-error.ts';

/** One `jti` that an event of the log lists, and where that stands. */
export interface LoggedGrant {
  readonly jti: string;
  /** Hex SHA-256 that names the event. */
  readonly evt: string;
  readonly origin: string;
  /** Of the leaf that lists it. */
  readonly index: string;
  /** When the log took the leaf, by the gateway's clock; RFC 3339. */
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
  /** The events that list these grants, by `origin index` of the leaf that does. */
  eventsOf(grants: readonly LoggedGrant[]): Promise<ReadonlyMap<string, LoggedEvent>>;
}

/**
 * @param since Leaves kept from this moment on; all of them where it is undefined.
 * @throws ReconcileError when the log cannot be read, or holds what is no event.
 */
export function openGrantLog(sql: postgres.Sql, since: Date | undefined): GrantLog {
  return {
    grants: readGrants(sql, since),
    eventsOf: async (grants) => await readEvents(sql, grants),
  };
}

export function keyOf({ origin, index }: Pick<LoggedGrant, 'origin' | 'index'>): string {
  return `${origin} ${index}`;
}

/** The database takes the `jti`s out and sorts them: it spills to disk what does not fit into its memory. */
async function* readGrants(sql: postgres.Sql, since: Date | undefined): AsyncGenerator<LoggedGrant> {
  const rows = sql<LoggedGrant[]>`
    select jti collate "C" as jti, origin, index::text,
      encode(sha256('grant'::bytea || decode(event ->> 'nonce', 'hex')), 'hex') as evt,
      to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "keptAt",
      (event ->> 'part')::int as part, (event ->> 'parts')::int as parts
    from leaf,
      lateral (select convert_from(leaf, 'UTF8')::jsonb) as said (event),
      lateral jsonb_array_elements_text(event -> 'jtis') as listed (jti)
    where leaf is not null and at >= ${since ?? new Date(0)}
    order by 1`;
  try {
    for await (const batch of rows.cursor(FETCHED)) yield* batch;
  } catch (cause) {
    throw unreadable('The audit log', cause);
  }
}

async function readEvents(
  sql: postgres.Sql,
  grants: readonly LoggedGrant[],
): Promise<Map<string, LoggedEvent>> {
  const wanted = [...new Map(grants.map((grant) => [keyOf(grant), grant])).values()];
  // Parts are appended together, and may still come to lie in two commits.
  const rows = await sql<{ key: string; leaf: Buffer }[]>`
    select wanted.origin || ' ' || wanted.index as key, leaf.leaf
    from unnest(
      ${wanted.map(({ origin }) => origin)}::text[], ${wanted.map(({ index }) => index)}::bigint[],
      ${wanted.map(({ part }) => part)}::int[], ${wanted.map(({ parts }) => parts)}::int[],
      ${wanted.map(({ keptAt }) => keptAt)}::timestamptz[]
    ) as wanted (origin, index, part, parts, at)
    join leaf on leaf.origin = wanted.origin and leaf.leaf is not null
      and leaf.index between wanted.index - wanted.part + 1 and wanted.index - wanted.part + wanted.parts
      and leaf.at between wanted.at - interval '1 minute' and wanted.at + interval '1 minute'`.catch(
    (cause: unknown) => {
      throw unreadable('The audit log', cause);
    },
  );
  const found = Map.groupBy(rows, ({ key }) => key);
  return new Map([...found].map(([key, leaves]) => [key, eventOf(leaves.map(({ leaf }) => leaf))]));
}

function eventOf(leaves: readonly Uint8Array[]): LoggedEvent {
  let parts: AccessEventPart[];
  try {
    parts = leaves.map(decodeAccessEvent);
  } catch (cause) {
    throw unreadable('An event of the audit log', cause);
  }
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
