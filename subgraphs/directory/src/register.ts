import { randomBytes } from 'node:crypto';
import type { IncomingIdentity, RegistrationResult } from './registration/incoming-identity.ts';
import { loadKnown } from './registration/known-identity.ts';
import { planRegistration } from './registration/plan.ts';
import { writeRegistration } from './registration/write.ts';
import { asJson, type Statements } from './statements.ts';

export type {
  DroppedIdentifier,
  IncomingIdentity,
  RegistrationResult,
} from './registration/incoming-identity.ts';

/**
 * Finds or makes the identity of every child of an import, by the authority's own number alone: two rows are never
 * taken for one person because they look alike. The authority becomes a holder of a social-care record of each.
 *
 * Runs in the caller's transaction and holds a lock to its end, so that two imports cannot each create the same child.
 * A second run with the same identities changes nothing.
 *
 * @param sql A transaction (`store.begin`); nothing is committed here.
 * @param random Source of ContactPoint numbers; only tests give another one.
 * @returns One result for each identity, in their order.
 */
export async function registerIdentities(
  sql: Statements,
  incoming: readonly IncomingIdentity[],
  random: (bytes: number) => Uint8Array = randomBytes,
): Promise<RegistrationResult[]> {
  await sql`select pg_advisory_xact_lock(hashtext('contactpoint.directory.registration'))`;
  const plan = planRegistration(incoming, await loadKnown(sql, incoming), random);
  await writeRegistration(sql, plan);
  await noteHolders(sql, incoming, plan.results);
  return plan.results;
}

async function noteHolders(
  sql: Statements,
  incoming: readonly IncomingIdentity[],
  results: readonly RegistrationResult[],
): Promise<void> {
  const holders = incoming.flatMap(({ authority }, place) => {
    const childId = results[place]?.childId;
    return childId === undefined ? [] : [{ child_id: childId, organisation_id: `LA-${authority}` }];
  });
  await sql`
    insert into record_holder (child_id, sector, organisation_id, held_from)
    select distinct child_id, 'SOCIAL_CARE', organisation_id, (now() at time zone 'Europe/London')::date
    from jsonb_to_recordset(${asJson(sql, holders)}) as r(child_id text, organisation_id text)
    on conflict (child_id, sector, organisation_id) do update set held_to = null
    where record_holder.held_to is not null`;
}
