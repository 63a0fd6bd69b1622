import type { StatefulAuthorizationCall } from '@cedar-policy/cedar-wasm/nodejs';
import type { Facts } from './facts.ts';
import type { PurposeOfUse } from './purpose.ts';
import type { Role } from './role.ts';
import type { Sector } from './sector.ts';
import type { SensitivityClass } from './sensitivity.ts';

/** What of the caller a decision depends on. */
export interface Who {
  readonly role: Role;
  readonly sector: Sector;
}

/** Everything that one answer may depend on, `policies/schema.cedarschema` in TypeScript. */
export interface AccessQuestion {
  readonly who: Who;
  readonly purpose: PurposeOfUse;
  readonly override: boolean;
  readonly facts: Facts;
  readonly sector: Sector;
  readonly sensitivityClass: SensitivityClass;
  readonly action: 'read' | 'readMinimal';
}

/**
 * The question as Cedar takes it. Entities have fixed names: which practitioner and which child it is must not matter,
 * or an answer could not be remembered for the next one.
 */
export function cedarRequest(
  question: AccessQuestion,
): Pick<StatefulAuthorizationCall, 'principal' | 'action' | 'resource' | 'context' | 'entities'> {
  const { who, purpose, override, facts, sector, sensitivityClass, action } = question;
  const principal = { type: 'Practitioner', id: 'caller' };
  const resource = { type: 'Record', id: 'record' };
  return {
    principal,
    action: { type: 'Action', id: action },
    resource,
    context: {
      purpose: entity('Purpose', purpose),
      override,
      relationship: entity('Relationship', facts.relationship),
      shielded: facts.shielded,
      ownRecord: facts.ownRecord,
    },
    entities: [
      {
        uid: principal,
        attrs: { role: entity('Role', who.role), sector: entity('Sector', who.sector) },
        parents: [],
      },
      {
        uid: resource,
        attrs: { sector: entity('Sector', sector), class: entity('Class', sensitivityClass) },
        parents: [],
      },
    ],
  };
}

function entity(type: string, id: string) {
  return { __entity: { type, id } };
}
