import type { Sector } from '../../sector.ts';
import { type ReplaySchema, readReplaySchema } from '../places.ts';

const SUPERGRAPH = `
  schema
    @link(url: "https://contactpoint.example/access/v1.0", import: ["@sensitivity", "@subject"])
    @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", for: SECURITY) { query: Query }
  type Query { child(id: ID!): Child @sensitivity(class: IDENTITY) }
  type Child @subject {
    id: ID! @sensitivity(class: IDENTITY)
    familyName: String @sensitivity(class: IDENTITY)
    ethnicity: String @sensitivity(class: SPECIAL)
    addresses: [Address!] @sensitivity(class: LOCATION, minimal: true)
    involvements: [Contact!] @sensitivity(class: INVOLVEMENT)
    siblings: [Child!] @sensitivity(class: IDENTITY)
    flagged: String @sensitivity(class: IDENTITY) @requiresScopes(scopes: [["audit:read"]])
    attendance: [Attendance!] @sensitivity(class: STATUS, minimal: true)
    conditions: [String!] @sensitivity(class: SPECIAL)
    missedAppointments: [String!] @sensitivity(class: SPECIAL, minimal: true)
    mentalHealthService: Contact @sensitivity(class: SEALED)
    socialCare: SocialCare @sensitivity(class: STATUS, minimal: true)
  }
  type Address {
    postcode: String @sensitivity(class: LOCATION)
    town: String @sensitivity(class: LOCATION, minimal: true)
  }
  type Attendance { absences: Int @sensitivity(class: STATUS) }
  type SocialCare {
    status: String @sensitivity(class: STATUS, minimal: true)
    legalStatus: String @sensitivity(class: SPECIAL)
    allocatedWorker: Contact @sensitivity(class: INVOLVEMENT)
  }
  type Contact {
    name: String @sensitivity(class: INVOLVEMENT)
    organisation: Organisation @sensitivity(class: REFERENCE)
  }
  type Organisation { name: String @sensitivity(class: REFERENCE) }
`;

const SECTORS_OF_FIELDS: ReadonlyMap<string, Sector> = new Map([
  ['Child.attendance', 'EDUCATION'],
  ['Child.conditions', 'HEALTH'],
  ['Child.missedAppointments', 'HEALTH'],
  ['Child.mentalHealthService', 'HEALTH'],
  ['Child.socialCare', 'SOCIAL_CARE'],
]);

/** What a small supergraph of all agencies holds, with fields of every class and a type that stands in several places. */
export function agencies(): ReplaySchema {
  return readReplaySchema(SUPERGRAPH, () => SECTORS_OF_FIELDS);
}
