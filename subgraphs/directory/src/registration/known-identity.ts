import type { Sex } from '../record.ts';
import { asJson, type Statements } from '../statements.ts';
import type { IncomingIdentity } from './incoming-identity.ts';

/** What the directory already keeps of one child, as far as an import can change it. */
export interface KnownIdentity {
  readonly id: string;
  givenNames: readonly string[];
  familyName: string | null;
  dateOfBirth: string | null;
  sex: Sex;
  ethnicity: string | null;
  localAuthority: string | null;
  /** Authorities, `975`, that have a number of their own for the child. */
  readonly authorities: readonly string[];
  readonly shielded: boolean;
}

/** What an import has to be compared with. */
export interface Known {
  readonly identities: ReadonlyMap<string, KnownIdentity>;
  /** ContactPoint number by `identifierKey`. */
  readonly owners: ReadonlyMap<string, string>;
}

export function identifierKey(system: string, authority: string, value: string): string {
  return JSON.stringify([system, authority, value]);
}

/** Identifiers that an incoming identity carries: the authority's own first. */
export function identifiersOf(
  identity: IncomingIdentity,
): readonly { readonly system: string; readonly authority: string; readonly value: string }[] {
  return [
    { system: 'LOCAL_AUTHORITY_CHILD_ID', authority: identity.authority, value: identity.localId },
    ...(identity.upn === undefined ? [] : [{ system: 'UPN', authority: '', value: identity.upn }]),
    ...(identity.nhsNumber === undefined
      ? []
      : [{ system: 'NHS_NUMBER', authority: '', value: identity.nhsNumber }]),
  ];
}

/**
 * Loads the owners of all incoming numbers, under the number that survives, and every identity of every shielded child:
 * any of them may be resembled.
 */
export async function loadKnown(sql: Statements, incoming: readonly IncomingIdentity[]): Promise<Known> {
  const owned = await sql<{ system: string; authority: string; value: string; childId: string }[]>`
    select i.system, i.authority, i.value, coalesce(surviving, i.child_id) as "childId"
    from identifier i
    join jsonb_to_recordset(${asJson(sql, incoming.flatMap(identifiersOf))})
      as r(system text, authority text, value text) using (system, authority, value)
    left join superseded_number on number = i.child_id`;

  const ids = [...new Set(owned.map(({ childId }) => childId))];
  const identities = await sql<KnownIdentity[]>`
    with known as (
      select coalesce(surviving, child_id) as surviving
      from shield left join superseded_number on number = child_id where lifted_at is null
    ), shielded as (
      select surviving as id from known union select number from known join superseded_number using (surviving)
    )
    select c.id, coalesce(c.given_names, '{}') as "givenNames", c.family_name as "familyName",
      c.date_of_birth as "dateOfBirth", c.sex, c.ethnicity, c.local_authority as "localAuthority",
      c.id in (select id from shielded) as shielded,
      array(select authority from identifier i
            where i.child_id = c.id and i.system = 'LOCAL_AUTHORITY_CHILD_ID') as authorities
    from child c
    where c.id in (select id from shielded union select unnest(${ids}::text[]))`;

  return {
    identities: new Map(identities.map((identity) => [identity.id, { ...identity }])),
    owners: new Map(
      owned.map(({ system, authority, value, childId }) => [
        identifierKey(system, authority, value),
        childId,
      ]),
    ),
  };
}
