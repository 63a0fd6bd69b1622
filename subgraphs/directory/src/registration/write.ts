import { searchKeys } from '../matching/search-key.ts';
import { asJson, chunksOf, type Statements } from '../statements.ts';
import type { KnownIdentity } from './known-identity.ts';
import type { RegistrationPlan } from './plan.ts';

/** Carries a plan out: four statements for every thousand identities. */
export async function writeRegistration(sql: Statements, plan: RegistrationPlan): Promise<void> {
  const { created, updated, identifiers } = plan;
  for (const chunk of chunksOf([...created, ...updated])) await writeIdentities(sql, chunk);
  for (const chunk of chunksOf(identifiers)) {
    const rows = chunk.map(({ childId, ...identifier }) => ({ ...identifier, child_id: childId }));
    await sql`
      insert into identifier (system, authority, value, child_id)
      select * from jsonb_to_recordset(${asJson(sql, rows)}) as r(
        system text, authority text, value text, child_id text)`;
  }
}

async function writeIdentities(sql: Statements, identities: readonly KnownIdentity[]): Promise<void> {
  const rows = identities.map((identity) => ({
    id: identity.id,
    given_names: identity.givenNames.length === 0 ? null : identity.givenNames,
    family_name: identity.familyName,
    date_of_birth: identity.dateOfBirth,
    sex: identity.sex,
    ethnicity: identity.ethnicity,
    local_authority: identity.localAuthority,
  }));
  await sql`
    insert into child (id, given_names, family_name, date_of_birth, sex, ethnicity, local_authority)
    select * from jsonb_to_recordset(${asJson(sql, rows)}) as r(
      id text, given_names text[], family_name text, date_of_birth date, sex text, ethnicity text,
      local_authority text)
    on conflict (id) do update set
      given_names = excluded.given_names, family_name = excluded.family_name,
      date_of_birth = excluded.date_of_birth, sex = excluded.sex, ethnicity = excluded.ethnicity,
      local_authority = excluded.local_authority`;

  await sql`delete from search_key where child_id in ${sql(identities.map(({ id }) => id))}`;
  const keys = identities.flatMap((identity) =>
    searchKeys({ ...identity, familyName: identity.familyName ?? undefined }).map((key) => ({
      key,
      child_id: identity.id,
    })),
  );
  await sql`
    insert into search_key (key, child_id)
    select * from jsonb_to_recordset(${asJson(sql, keys)}) as r(key text, child_id text)`;
}
