import type { Sector } from '@contactpoint/access/sector';
import type { Sex } from '../record.ts';
import type { Statements } from '../statements.ts';

/** One identity as the directory holds it. */
export interface ChildRow {
  /** ContactPoint number under which it was asked for. */
  readonly asked: string;
  /** ContactPoint number under which the child is known now: the same, unless it was superseded. */
  readonly id: string;
  readonly givenNames: readonly string[] | null;
  readonly familyName: string | null;
  /** Calendar date in Europe/London, `YYYY-MM-DD`, as all dates here. */
  readonly dateOfBirth: string | null;
  readonly sex: Sex;
  readonly formerNames: readonly string[] | null;
  readonly ethnicity: string | null;
  /** DfE code, `975`. */
  readonly localAuthority: string | null;
  readonly nhsNumber: string | null;
  readonly upn: string | null;
}

export interface AddressRow {
  readonly childId: string;
  readonly line1: string | null;
  readonly town: string | null;
  readonly postcode: string | null;
  readonly uprn: string | null;
  readonly from: string | null;
  readonly to: string | null;
}

export interface CarerRow {
  readonly childId: string;
  readonly name: string;
  readonly relationship: string | null;
  readonly hasParentalResponsibility: boolean | null;
  readonly phone: string | null;
}

export interface InvolvementRow {
  readonly childId: string;
  readonly id: string;
  /** Account of whoever is involved; null where the agency has not said. */
  readonly practitionerId: string | null;
  readonly sector: Sector;
  readonly service: string;
  readonly practitionerName: string | null;
  readonly practitionerRole: string | null;
  readonly phone: string | null;
  readonly email: string | null;
  readonly from: string;
  readonly to: string | null;
  /** When the practitioner ended it, RFC 3339: from then on it is over, even on its last day. */
  readonly endedAt: string | null;
  readonly isLead: boolean;
  readonly brokered: boolean;
  /** Telephone of the broker of the child's authority. */
  readonly brokerPhone: string | null;
}

/**
 * The surviving identity for each number. Of two numbers of one kind the later recorded one counts: a temporary UPN is
 * followed by a permanent one.
 */
export async function findChildrenById(sql: Statements, ids: readonly string[]): Promise<ChildRow[]> {
  return await sql<ChildRow[]>`
    select number as asked, c.id, given_names as "givenNames", family_name as "familyName",
      date_of_birth as "dateOfBirth", sex, former_names as "formerNames", ethnicity,
      local_authority as "localAuthority",
      (select value from identifier i where i.child_id = any(numbers) and system = 'NHS_NUMBER'
       order by recorded_at desc, value limit 1) as "nhsNumber",
      (select value from identifier i where i.child_id = any(numbers) and system = 'UPN'
       order by recorded_at desc, value limit 1) as upn
    from unnest(${ids as string[]}::text[]) as asked(number)
    left join superseded_number using (number)
    join child c on c.id = coalesce(surviving, number)
    cross join lateral (
      select array(select s.number from superseded_number s where s.surviving = c.id) || c.id as numbers) known`;
}

/** As the surviving identity has them: where a duplicate was recorded to live says nothing of now. */
export async function findAddresses(sql: Statements, childIds: readonly string[]): Promise<AddressRow[]> {
  return await sql<AddressRow[]>`
    select number as "childId", line1, town, postcode, uprn, lived_from as "from", lived_to as "to"
    from unnest(${childIds as string[]}::text[]) as asked(number)
    left join superseded_number using (number)
    join address on child_id = coalesce(surviving, number)
    order by lived_to desc nulls first, lived_from desc nulls last, id`;
}

export async function findCarers(sql: Statements, childIds: readonly string[]): Promise<CarerRow[]> {
  return await sql<CarerRow[]>`
    select number as "childId", name, relationship, parental_responsibility as "hasParentalResponsibility", phone
    from unnest(${childIds as string[]}::text[]) as asked(number)
    left join superseded_number using (number)
    join carer on child_id = coalesce(surviving, number)
    order by id`;
}

/** Under whichever of the child's numbers they were recorded: who else works with the child is what one asks for. */
export async function findInvolvements(
  sql: Statements,
  childIds: readonly string[],
): Promise<InvolvementRow[]> {
  return await sql<InvolvementRow[]>`
    select number as "childId", i.id, practitioner_id as "practitionerId", sector, service, practitioner_name as "practitionerName",
      practitioner_role as "practitionerRole", i.phone, email, involved_from as "from", involved_to as "to",
      ended_at as "endedAt", is_lead as "isLead", brokered, broker.phone as "brokerPhone"
    from unnest(${childIds as string[]}::text[]) as asked(number)
    left join superseded_number using (number)
    join child on child.id = coalesce(surviving, number)
    join involvement i on i.child_id = any(
      array(select s.number from superseded_number s where s.surviving = child.id) || child.id)
    left join broker on broker.authority = child.local_authority
    where not unlisted
    order by involved_from desc, i.id`;
}
