import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';
import type { Store } from '@contactpoint/subgraph-kit/store';

/** Log of the rows, which no gateway writes. */
const ORIGIN = 'contactpoint.local/bench/20200101T000000Z-0000';

/** Accesses to one child: some 18 years of a child in need. */
export const ACCESSES_OF_A_CHILD = 200;

/** Every tenth event is about siblings, too. */
const SIBLINGS = 3;

const RELEASED = `{${[
  'Child.id,Child.givenNames,Child.familyName,Child.dateOfBirth,Child.addresses,Address.postcode,Child.involvements',
  'Involvement.organisation,Child.school,School.name,Child.attendance,Child.registeredPractice,Child.socialCare',
].join(',')}}`;

/** ContactPoint number of a child of the rows; the directory knows none of them. */
export function benchChild(place: number): string {
  return contactPointNumber(createHash('sha256').update(`bench ${place}`).digest());
}

/**
 * Fills oversight's tables with accesses as years of them would, a child's own far apart, by COPY. Indexes and constraints
 * are made after the rows, which takes a fraction of the time.
 */
export async function fillProjection(store: Store, events: number): Promise<void> {
  const children = Math.max(1, Math.ceil(events / ACCESSES_OF_A_CHILD));
  const restore = await dropIndexes(store);
  await copy(
    store,
    `copy access_event (origin, index, evt, kind, at, instance, practitioner_id, role, organisation_id, purpose, reason,
      override, client, operation_name, operation_hash, outcome, parts, parts_seen, jtis) from stdin`,
    eventLines(events),
  );
  await copy(
    store,
    `copy access_subject (origin, index, child_id, at, place, released, withheld, policies) from stdin`,
    subjectLines(events, children),
  );
  await restore();
  await store.unsafe('analyze access_event; analyze access_subject');
}

/** @returns Makes them again as they were. */
async function dropIndexes(store: Store): Promise<() => Promise<void>> {
  const constraints = await store<{ table: string; name: string; definition: string }[]>`
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
    from pg_constraint
    where conrelid in ('access_event'::regclass, 'access_subject'::regclass) and contype in ('p', 'u')`;
  for (const { table, name } of constraints)
    await store.unsafe(`alter table ${table} drop constraint ${name}`);
  const indexes = await store<{ name: string; definition: string }[]>`
    select indexname as name, indexdef as definition from pg_indexes
    where tablename in ('access_event', 'access_subject')`;
  for (const { name } of indexes) await store.unsafe(`drop index ${name}`);
  return async () => {
    await store.unsafe(`set maintenance_work_mem = '512MB'`);
    for (const { table, name, definition } of constraints)
      await store.unsafe(`alter table ${table} add constraint ${name} ${definition}`);
    for (const { definition } of indexes) await store.unsafe(definition);
  };
}

async function copy(store: Store, statement: string, lines: Iterable<string>): Promise<void> {
  const target = await store.unsafe(statement).writable();
  await pipeline(Readable.from(lines), target);
}

/** Lines handed over at a time: one by one, the stream takes longer than the database. */
const LINES = 500;

function* eventLines(events: number): Generator<string> {
  yield* inBundles(events, (n) => {
    const evt = createHash('sha256').update(`event ${n}`).digest('hex');
    const jtis = [0, 1, 2, 3].map((place) => `${evt.slice(place, place + 32)}${place}`).join(',');
    const reader = `p-${n % 40_000}\tsocial-worker\tLA-${n % 150}\tS47\tStrategy discussion of this morning`;
    return `${ORIGIN}\t${n}\t${evt}\taccess\t${timeOf(n)}\tbench\t${reader}\tf\tfront-end\tJoinedView\t${evt}\tRELEASED\t1\t1\t{${jtis}}\n`;
  });
}

function* subjectLines(events: number, children: number): Generator<string> {
  // Hashing each number anew would take longer than everything else.
  const numbers = Array.from({ length: children }, (_, place) => benchChild(place));
  yield* inBundles(events, (n) => {
    const count = Math.min(n % 10 === 0 ? SIBLINGS : 1, children);
    return Array.from(
      { length: count },
      (_, place) =>
        `${ORIGIN}\t${n}\t${numbers[(n + place) % children]}\t${timeOf(n)}\t${place}\t${RELEASED}\t{Child.conditions}\t{social-worker-s47-full}\n`,
    ).join('');
  });
}

function* inBundles(count: number, lineOf: (n: number) => string): Generator<string> {
  for (let start = 0; start < count; start += LINES) {
    let bundle = '';
    for (let n = start; n < Math.min(start + LINES, count); n++) bundle += lineOf(n);
    yield bundle;
  }
}

/** One a minute: ten million are nineteen years. */
function timeOf(n: number): string {
  return new Date(Date.UTC(2007, 0, 1) + n * 60_000).toISOString();
}
