import { isContactPointNumber } from '@contactpoint/contract/contactpoint-number';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { searchKeys } from './matching/search-key.ts';
import type { Broker, IdentityRecord } from './record.ts';
import { asJson, chunksOf, type Statements } from './statements.ts';

/**
 * Takes whole identities into the directory, for a store that is filled from one source (the synthetic children). Each
 * record replaces what an earlier ingest of the same number left, so that a second run changes nothing; what
 * practitioners recorded themselves and shields stay. One transaction for every thousand records.
 *
 * @throws RangeError for a number that is not a ContactPoint number; the store's error for an identifier in use.
 */
export async function ingestDirectory(store: Store, records: readonly IdentityRecord[]): Promise<void> {
  const wrong = records.findIndex(({ id }) => !isContactPointNumber(id));
  if (wrong >= 0) throw new RangeError(`Record ${wrong} has no ContactPoint number`);
  for (const chunk of chunksOf(records)) {
    await store.begin(async (sql) => {
      await ingestChildren(sql, chunk);
      await clearParts(sql, chunk);
      await ingestNumbersAndKeys(sql, chunk);
      await ingestHousehold(sql, chunk);
      await ingestInvolvements(sql, chunk);
      await ingestShields(sql, chunk);
    });
  }
}

/** Names each authority's broker, replacing the one it had. */
export async function ingestBrokers(store: Store, brokers: readonly Broker[]): Promise<void> {
  await store`
    insert into broker
    select * from jsonb_to_recordset(${asJson(store, brokers)}) as r(authority text, phone text)
    on conflict (authority) do update set phone = excluded.phone`;
}

async function ingestChildren(sql: Statements, records: readonly IdentityRecord[]): Promise<void> {
  const rows = records.map((record) => ({
    id: record.id,
    given_names: orNull(record.givenNames),
    family_name: record.familyName,
    date_of_birth: record.dateOfBirth,
    sex: record.sex,
    former_names: orNull(record.formerNames ?? []),
    ethnicity: record.ethnicity,
    local_authority: record.localAuthority,
    merge_barred: record.mergeBarred === true,
  }));
  await sql`
    insert into child (
      id, given_names, family_name, date_of_birth, sex, former_names, ethnicity, local_authority, merge_barred)
    select * from jsonb_to_recordset(${asJson(sql, rows)}) as r(
      id text, given_names text[], family_name text, date_of_birth date, sex text, former_names text[],
      ethnicity text, local_authority text, merge_barred boolean)
    on conflict (id) do update set
      given_names = excluded.given_names, family_name = excluded.family_name,
      date_of_birth = excluded.date_of_birth, sex = excluded.sex, former_names = excluded.former_names,
      ethnicity = excluded.ethnicity, local_authority = excluded.local_authority,
      merge_barred = child.merge_barred or excluded.merge_barred`;
}

async function clearParts(sql: Statements, records: readonly IdentityRecord[]): Promise<void> {
  const ids = records.map(({ id }) => id);
  await sql`delete from identifier where child_id in ${sql(ids)}`;
  await sql`delete from search_key where child_id in ${sql(ids)}`;
  await sql`delete from address where child_id in ${sql(ids)}`;
  await sql`delete from carer where child_id in ${sql(ids)}`;
  await sql`delete from record_holder where child_id in ${sql(ids)}`;
}

async function ingestNumbersAndKeys(sql: Statements, records: readonly IdentityRecord[]): Promise<void> {
  const identifiers = records.flatMap(({ id, identifiers }) =>
    identifiers.map(({ system, value, authority }) => ({
      system,
      authority: authority ?? '',
      value,
      child_id: id,
    })),
  );
  await sql`
    insert into identifier (system, authority, value, child_id)
    select * from jsonb_to_recordset(${asJson(sql, identifiers)}) as r(
      system text, authority text, value text, child_id text)`;

  const keys = records.flatMap((record) => searchKeys(record).map((key) => ({ key, child_id: record.id })));
  await sql`
    insert into search_key (key, child_id)
    select * from jsonb_to_recordset(${asJson(sql, keys)}) as r(key text, child_id text)`;
}

async function ingestHousehold(sql: Statements, records: readonly IdentityRecord[]): Promise<void> {
  const addresses = records.flatMap(({ id, addresses }) =>
    addresses.map(({ from, to, ...place }) => ({ child_id: id, ...place, lived_from: from, lived_to: to })),
  );
  await sql`
    insert into address (child_id, line1, town, postcode, uprn, lived_from, lived_to)
    select * from jsonb_to_recordset(${asJson(sql, addresses)}) as r(
      child_id text, line1 text, town text, postcode text, uprn text, lived_from date, lived_to date)`;

  const carers = records.flatMap(({ id, carers }) =>
    carers.map(({ hasParentalResponsibility, ...carer }) => ({
      child_id: id,
      ...carer,
      parental_responsibility: hasParentalResponsibility,
    })),
  );
  await sql`
    insert into carer (child_id, name, relationship, parental_responsibility, phone)
    select * from jsonb_to_recordset(${asJson(sql, carers)}) as r(
      child_id text, name text, relationship text, parental_responsibility boolean, phone text)`;
}

async function ingestInvolvements(sql: Statements, records: readonly IdentityRecord[]): Promise<void> {
  const involvements = records.flatMap(({ id: childId, involvements }) =>
    involvements.map((involvement) => ({
      id: involvement.id,
      child_id: childId,
      practitioner_id: involvement.practitionerId,
      organisation_id: involvement.organisationId,
      sector: involvement.sector,
      service: involvement.service,
      practitioner_name: involvement.practitionerName,
      practitioner_role: involvement.practitionerRole,
      phone: involvement.phone,
      email: involvement.email,
      involved_from: involvement.from,
      involved_to: involvement.to,
      is_lead: involvement.isLead,
      allocated: involvement.allocated,
      brokered: involvement.brokered,
      unlisted: involvement.unlisted ?? false,
    })),
  );
  // What a practitioner has ended stays ended: `do nothing` but for rows that nobody has touched since.
  await sql`
    insert into involvement (
      id, child_id, practitioner_id, organisation_id, sector, service, practitioner_name, practitioner_role, phone,
      email, involved_from, involved_to, is_lead, allocated, brokered,
      unlisted)
    select * from jsonb_to_recordset(${asJson(sql, involvements)}) as r(
      id text, child_id text, practitioner_id text, organisation_id text, sector text, service text,
      practitioner_name text, practitioner_role text, phone text, email text, involved_from date, involved_to date,
      is_lead boolean, allocated boolean, brokered boolean, unlisted boolean)
    on conflict (id) do update set
      practitioner_id = excluded.practitioner_id, organisation_id = excluded.organisation_id,
      sector = excluded.sector, service = excluded.service, practitioner_name = excluded.practitioner_name,
      practitioner_role = excluded.practitioner_role, phone = excluded.phone, email = excluded.email,
      involved_from = excluded.involved_from, involved_to = excluded.involved_to, is_lead = excluded.is_lead,
      allocated = excluded.allocated, brokered = excluded.brokered,
      unlisted = excluded.unlisted
    where involvement.ended_at is null and not involvement.self_recorded
      and involvement.child_id = excluded.child_id`;

  const holders = records.flatMap(({ id, recordHolders }) =>
    recordHolders.map(({ sector, organisationId, from, to }) => ({
      child_id: id,
      sector,
      organisation_id: organisationId,
      held_from: from,
      held_to: to,
    })),
  );
  await sql`
    insert into record_holder (child_id, sector, organisation_id, held_from, held_to)
    select * from jsonb_to_recordset(${asJson(sql, holders)}) as r(
      child_id text, sector text, organisation_id text, held_from date, held_to date)
    on conflict (child_id, sector, organisation_id) do update
      set held_from = least(record_holder.held_from, excluded.held_from), held_to = excluded.held_to`;
}

async function ingestShields(sql: Statements, records: readonly IdentityRecord[]): Promise<void> {
  const shields = records.filter(({ shielded }) => shielded).map(({ id }) => ({ child_id: id }));
  if (shields.length === 0) return;
  await sql`
    insert into shield (child_id, shielded_at, shielded_by, reason)
    select child_id, now(), 'ingest', 'Shielded at the source'
    from jsonb_to_recordset(${asJson(sql, shields)}) as r(child_id text)
    on conflict (child_id) where lifted_at is null do nothing`;
}

function orNull(names: readonly string[]): readonly string[] | null {
  return names.length === 0 ? null : names;
}
