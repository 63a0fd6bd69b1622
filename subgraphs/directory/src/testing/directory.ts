import type { PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLE_SECTORS, type Role } from '@contactpoint/access/role';
import { scopesOf } from '@contactpoint/access/scope';
import {
  ask,
  startTestSubgraph,
  type TestAnswer,
  type TestSubgraph,
} from '@contactpoint/subgraph-kit/testing';
import { directorySubgraph } from '../definition.ts';
import { ingestBrokers, ingestDirectory } from '../ingest.ts';
import { identities } from './identities.ts';

/** Grants of the tests are signed with the real time; only the directory's calendar is asked for the day. */
export async function startDirectory(): Promise<TestSubgraph> {
  const directory = await startTestSubgraph(directorySubgraph);
  await ingestDirectory(directory.store, identities);
  await ingestBrokers(directory.store, [{ authority: '975', phone: '01632 960099' }]);
  return directory;
}

/** A caller as accreditation would know them. */
export interface Caller {
  readonly sub: string;
  readonly role: Role;
  readonly organisation: string;
  readonly purpose: PurposeOfUse;
}

const ORGANISATIONS: Partial<Record<Role, string>> = {
  teacher: 'SCHOOL-900001',
  'safeguarding-lead': 'SCHOOL-900001',
  'general-practitioner': 'PRACTICE-Z99001',
  'emergency-clinician': 'TRUST-01',
  'police-child-abuse': 'POLICE-01',
  'identity-steward': 'CONTACTPOINT',
  auditor: 'CONTACTPOINT',
};

export function caller(role: Role, purpose: PurposeOfUse, changes: Partial<Caller> = {}): Caller {
  return { sub: `p-${role}`, role, organisation: ORGANISATIONS[role] ?? 'LA-975', purpose, ...changes };
}

/** Asks the directory as that caller, with a grant that names no child: only the doors decide. */
export async function askAs(
  { app }: TestSubgraph,
  who: Caller,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<TestAnswer> {
  return await ask(app, {
    ...who,
    sector: ROLE_SECTORS[who.role],
    scopes: scopesOf(who.role),
    query,
    variables,
  });
}

/** Reasons of an answer by response path: `{ child: 'RELATIONSHIP' }`. */
export function reasonsOf({ errors = [] }: TestAnswer): Record<string, unknown> {
  return Object.fromEntries(
    errors.map(({ path = [], extensions }) => [path.join('.'), extensions.reason ?? extensions.code]),
  );
}
