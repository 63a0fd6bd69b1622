import type postgres from 'postgres';
import type { AccessEvent } from '../access-event.ts';
import { joinSubjects } from '../decode-access-event.ts';
import { EventParts, type JoinedEvent } from '../event-parts.ts';

/** One event as a log holds it, all its parts together. */
export interface RecordedEvent {
  readonly origin: string;
  /** Of its parts, those of recordings that broke off before it included. They are kept together and forgotten together. */
  readonly indexes: readonly bigint[];
  /** When the log took the last of them, RFC 3339 in UTC. */
  readonly recordedAt: string;
  /** About everybody whom any of these leaves is about. */
  readonly event: AccessEvent;
}

/** Leaves fetched at a time: 64 kB each at most, and 1 kB as a rule. */
const FETCHED = 500;

/**
 * The events of one log that are covered by a checkpoint and were kept before a moment, in order. Leaves that cannot be
 * read and events of which a part is missing are left out, for nobody can tell whom they are about.
 *
 * @param sql The audit database, as a role that may read leaves.
 */
export async function* readRecordedEvents(
  sql: postgres.Sql,
  origin: string,
  before: Date,
): AsyncGenerator<RecordedEvent> {
  const parts = new EventParts<Place>();
  const leaves = sql<{ index: string | bigint; at: Date | string; leaf: Buffer }[]>`
    select index, at, leaf from leaf
    where origin = ${origin} and at < ${before.toISOString()}::timestamptz and leaf is not null
      and index < (select max(size) from checkpoint where origin = ${origin})
    order by index`;
  for await (const rows of leaves.cursor(FETCHED)) {
    for (const { index, at, leaf } of rows) {
      for (const joined of parts.take({ index: BigInt(index), at }, leaf) ?? []) {
        if (joined.complete) yield recorded(origin, joined);
      }
    }
  }
}

interface Place {
  readonly index: bigint;
  readonly at: Date | string;
}

function recorded(origin: string, { places, event, former }: JoinedEvent<Place>): RecordedEvent {
  const all = [...former.flatMap((broken) => broken.places), ...places];
  const subjects = [...former.flatMap((broken) => broken.event.subjects), ...event.subjects];
  return {
    origin,
    indexes: all.map(({ index }) => index),
    recordedAt: new Date(all.at(-1)?.at ?? 0).toISOString(),
    event: { ...event, subjects: joinSubjects(subjects) },
  };
}
