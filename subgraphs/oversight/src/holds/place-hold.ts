import { isContactPointNumber } from '@contactpoint/contract/contactpoint-number';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { readDay, readText } from '../bad-input.ts';
import { holdColumns, type LawfulHoldRow } from './lawful-hold.ts';

/** As the contract's input of this name. */
export interface LawfulHoldInput {
  readonly childId: string;
  readonly reference: string;
  readonly practitionerId?: string | null;
  readonly organisationId?: string | null;
  readonly from?: unknown;
  readonly to?: unknown;
  readonly endsOn?: unknown;
}

const LONGEST_REFERENCE = 100;
const LONGEST_ID = 200;

/**
 * Places a hold. The same hold, placed again while it is in force, is the one that is there: a caller who did not get the
 * answer may ask again.
 *
 * @throws SubgraphError when the hold is none, or would be over before it begins.
 */
export async function placeHold(
  sql: Store,
  input: LawfulHoldInput,
  by: string,
  now: Date,
): Promise<LawfulHoldRow> {
  if (!isContactPointNumber(input.childId))
    throw badArgument('childId', 'FORM', 'childId must be a ContactPoint number');
  const terms = {
    child_id: input.childId,
    reference: readText(input.reference, 'reference', { shortest: 1, longest: LONGEST_REFERENCE }),
    practitioner_id: readId(input.practitionerId, 'practitionerId'),
    organisation_id: readId(input.organisationId, 'organisationId'),
    held_from: readDay(input.from, 'from') ?? null,
    held_to: readDay(input.to, 'to') ?? null,
    ends_on: readDay(input.endsOn, 'endsOn') ?? null,
  };
  const { held_from, held_to, ends_on } = terms;
  if (held_from !== null && held_to !== null && held_to < held_from)
    throw badArgument('to', 'ORDER', 'to must not be before from');
  const [time] = await sql<
    { over: boolean }[]
  >`select london_midnight(${ends_on}::date + 1) <= ${now} as over`;
  if (time?.over === true) throw badArgument('endsOn', 'OUTDATED', 'endsOn must not be over');

  await sql`
    insert into lawful_hold ${sql({ ...terms, placed_at: now.toISOString(), placed_by: by })}
    on conflict do nothing`;
  const [hold] = await sql<LawfulHoldRow[]>`
    select ${holdColumns(sql, now)} from lawful_hold
    where ended_at is null and child_id = ${terms.child_id} and reference = ${terms.reference}
      and practitioner_id is not distinct from ${terms.practitioner_id}
      and organisation_id is not distinct from ${terms.organisation_id}
      and held_from is not distinct from ${held_from}::date and held_to is not distinct from ${held_to}::date
      and ends_on is not distinct from ${ends_on}::date`;
  if (hold === undefined) throw badArgument('hold', 'STATE', 'The hold was ended while it was placed');
  return hold;
}

function readId(id: string | null | undefined, argument: string): string | null {
  return id === null || id === undefined
    ? null
    : readText(id, argument, { shortest: 1, longest: LONGEST_ID });
}
