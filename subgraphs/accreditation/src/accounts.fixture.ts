import {
  ask,
  startTestSubgraph,
  type TestAnswer,
  type TestSubgraph,
} from '@contactpoint/subgraph-kit/testing';
import { accreditationSubgraph } from './definition.ts';
import { ingestAccreditation } from './ingest.ts';
import type { OrganisationRecord, PractitionerRecord } from './record.ts';

/** When every test takes place: noon in London, in summer time. */
export const NOW = new Date('2026-06-15T11:00:00.000Z');

const AUTHORITY: OrganisationRecord = {
  id: 'LA-975',
  name: 'Brackenshire County Council',
  sector: 'SOCIAL_CARE',
  stage: 'LIVE',
  userQuota: 10,
};

/** An authority and the operator; `more` replaces what it names. */
export function organisation(more: Partial<OrganisationRecord> = {}): OrganisationRecord {
  return { ...AUTHORITY, ...more };
}

/** A social worker who meets every requirement at `NOW`; `more` says what differs. */
export function practitioner(id: string, more: Partial<PractitionerRecord> = {}): PractitionerRecord {
  return {
    id,
    name: `Name of ${id}`,
    role: 'social-worker',
    organisationId: 'LA-975',
    vettingCertificate: `CERT-${id}`,
    vettingIssuedOn: '2025-01-10',
    trainingPassedOn: '2026-02-01',
    agreementSignedOn: '2025-01-20',
    grantedAt: '2025-01-25T09:00:00.000Z',
    restoredAt: null,
    lastUsedAt: '2026-06-14T16:00:00.000Z',
    suspendedAt: null,
    ...more,
  };
}

export const OFFICER = practitioner('p-officer', {
  role: 'accreditation-officer',
  organisationId: 'CONTACTPOINT',
});

export const OPERATOR = organisation({ id: 'CONTACTPOINT', name: 'Operator', sector: 'DIRECTORY' });

export interface Accreditation extends TestSubgraph {
  /** Asks as the accreditation officer. */
  asOfficer(query: string, variables?: Record<string, unknown>): Promise<TestAnswer>;
  /** Asks as somebody without scopes. */
  as(sub: string, query: string, variables?: Record<string, unknown>): Promise<TestAnswer>;
  /** Empties the store and fills it with these, the operator and its officer. */
  holds(organisations: OrganisationRecord[], practitioners: PractitionerRecord[]): Promise<void>;
  /** What the history says of a practitioner or an organisation, oldest first. */
  historyOf(id: string): Promise<{ actor: string; act: string; reason: string | null; detail: unknown }[]>;
}

/** Accreditation on a database of its own, at `NOW`. */
export async function startAccreditation(): Promise<Accreditation> {
  const subgraph = await startTestSubgraph(accreditationSubgraph, { clock: () => NOW });
  const { app, store } = subgraph;
  // Grants are checked against the subgraph's clock.
  const iat = NOW.getTime() / 1000;
  const at = { iat, exp: iat + 30 };
  return {
    ...subgraph,
    asOfficer: (query, variables = {}) =>
      ask(app, {
        ...at,
        query,
        variables,
        sub: OFFICER.id,
        role: 'accreditation-officer',
        sector: 'DIRECTORY',
        organisation: 'CONTACTPOINT',
        scopes: ['accreditation:read', 'accreditation:write'],
      }),
    as: (sub, query, variables = {}) => ask(app, { ...at, query, variables, sub, scopes: [] }),
    async holds(organisations, practitioners) {
      await store`truncate override_window, accreditation_history, practitioner, organisation`;
      await ingestAccreditation(store, {
        organisations: [OPERATOR, ...organisations],
        practitioners: [OFFICER, ...practitioners],
      });
    },
    historyOf: async (id) => [
      ...(await store<{ actor: string; act: string; reason: string | null; detail: unknown }[]>`
        select actor, act, reason, detail from accreditation_history
        where practitioner_id = ${id} or organisation_id = ${id} order by id`),
    ],
  };
}

/** Code and reason of an answer's first error. */
export function refusalOf({ errors }: TestAnswer): string | undefined {
  const extensions = errors?.[0]?.extensions;
  return (
    extensions &&
    [extensions.code, extensions['reason'], extensions['argument'], extensions['problem']]
      .filter(Boolean)
      .join(' ')
  );
}
