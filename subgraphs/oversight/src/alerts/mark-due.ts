import type { TransactionSql } from 'postgres';
import { type EventRow, eventKey, type SubjectRow } from '../projection/read-batch.ts';

/** An event and the index under which it is kept: its first part's. */
type PlacedEvent = Omit<EventRow, 'index'> & { readonly index: string | undefined };

/** Roles whose work is not with children: what they ask of the log names children, and is no reading of a record. */
const WITHOUT_CHILDREN: ReadonlySet<string> = new Set([
  'gateway',
  'auditor',
  'accreditation-officer',
  'publisher',
  'administrator',
]);

/** What the rules read: everything that a practitioner asked for, answered or refused. */
const READINGS: ReadonlySet<string> = new Set(['access', 'intent', 'outcome']);

/**
 * Notes what the rules are to look at on account of these events, in the transaction that brings them: a rule that is
 * behind is never one that has left something out.
 */
export async function markDue(
  sql: TransactionSql,
  events: readonly PlacedEvent[],
  subjects: readonly SubjectRow[],
): Promise<void> {
  await markIntents(sql, events);
  const readings = events.flatMap(({ practitioner, mediator, role, organisation, ...event }) => {
    const reader = mediator ?? practitioner;
    if (reader === null || role === null || organisation === null) return [];
    if (WITHOUT_CHILDREN.has(role) || !READINGS.has(event.kind)) return [];
    return [{ ...event, reader, role, organisation, key: eventKey(event) }];
  });
  if (readings.length === 0) return;
  await sql`
    insert into due_day (practitioner_id, day)
    select distinct reader, london_day(at)
    from jsonb_to_recordset(${sql.json(
      readings.map(({ reader, at }) => ({ reader, at })),
    )}) as event (reader text, at timestamptz)
    order by 1, 2
    on conflict (practitioner_id, day) do update set marks = due_day.marks + 1`;

  const byKey = new Map(readings.map((reading) => [reading.key, reading]));
  const rows = subjects.flatMap(({ event, child }) => {
    const reading = byKey.get(event);
    if (reading === undefined) return [];
    const { reader, role, organisation, at, origin, index, searches, answer_use } = reading;
    // Who copies what a search found has opened none of it; an answer that did open a record stands for itself.
    const opened = searches === 0 && answer_use === null;
    return [{ reader, child, role, organisation, at, origin, index, opened }];
  });
  await markChildren(sql, rows);
}

/** Of several events of one child and day the first stands for them; one that opened the record makes it opened. */
async function markChildren(sql: TransactionSql, rows: readonly object[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into child_reading (practitioner_id, day, child_id, role, organisation_id, at, origin, index, opened)
    select distinct on (reader, london_day(at), child) reader, london_day(at), child, role, organisation, at, origin,
      index, bool_or(opened) over (partition by reader, london_day(at), child)
    from jsonb_to_recordset(${sql.json(rows as never)}) as event (reader text, child text, role text,
      organisation text, at timestamptz, origin text, index bigint, opened boolean)
    order by reader, london_day(at), child, at, origin, index
    on conflict (practitioner_id, day, child_id) do update set
      opened = child_reading.opened or excluded.opened,
      looked_at = case when child_reading.opened or not excluded.opened then child_reading.looked_at end
    where excluded.opened and not child_reading.opened`;
}

/**
 * Intent and outcome share one name and stand in one log, the intent first. One that a gateway dates ahead of this machine's time
 * is of now: it would be overdue only when that time has come.
 */
async function markIntents(sql: TransactionSql, events: readonly PlacedEvent[]): Promise<void> {
  const intents = events.filter(({ kind }) => kind === 'intent');
  if (intents.length > 0) {
    await sql`
      insert into open_intent (origin, evt, index, at, practitioner_id, organisation_id)
      select origin, evt, index, least(at, now()), coalesce(mediator, practitioner), organisation
      from jsonb_to_recordset(${sql.json(intents as never)}) as event (origin text, evt text, index bigint,
        at timestamptz, mediator text, practitioner text, organisation text)
      on conflict do nothing`;
  }
  const ends = events.filter(({ kind }) => kind === 'outcome' || kind === 'import');
  if (ends.length > 0) {
    await sql`
      delete from open_intent using jsonb_to_recordset(${sql.json(
        ends.map(({ origin, evt, intent_index }) => ({ origin, evt, intent_index })),
      )}) as event (origin text, evt text, intent_index bigint)
      where open_intent.origin = event.origin
        and (open_intent.evt = event.evt or open_intent.index = event.intent_index)`;
  }
}
