import { attainable, type Decide } from '@contactpoint/access/decide';
import { type Decision, judge } from '@contactpoint/access/decision';
import { maySearch, SEARCH } from '@contactpoint/access/doors';
import { lesser } from '@contactpoint/access/lesser-decision';
import type { Principal } from '@contactpoint/access/principal';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import type { Sector } from '@contactpoint/access/sector';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import type { LoadedSupergraph } from '../supergraph.ts';
import { refusedCoordinates } from './authorize-coordinates.ts';
import { schemaOfFields } from './schema-of-fields.ts';

/** What introspection shows a caller, and where they read for a colleague, what it may show of both. */
export type VisibleSchema = (principal: Principal, mediator?: Principal) => GraphQLSchema;

const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeOfUse[];

/** Schemas kept: they follow from role, sector and scopes, of which there are as many as roles. */
const KEPT = 64;

/**
 * A schema of the fields that some purpose could grant the role, with break-glass where that opens anything. It is for
 * introspection alone: an operation is validated by the whole schema and told which of its fields are withheld, so that
 * one view serves all roles.
 */
export function createVisibleSchema(supergraph: LoadedSupergraph, decide: Decide): VisibleSchema {
  const schemas = new LRUCache<string, GraphQLSchema>({ max: KEPT });
  return (principal, mediator) => {
    const key = JSON.stringify([attributesOf(principal), mediator && attributesOf(mediator)]);
    let schema = schemas.get(key);
    if (schema === undefined) {
      schema = schemaOfFields(
        supergraph.executor.schema,
        visibleFields(supergraph, decide, principal, mediator),
      );
      schemas.set(key, schema);
    }
    return schema;
  };
}

function attributesOf({ role, sector, scopes }: Principal) {
  return [role, sector, [...scopes].sort()];
}

/** Coordinates that can be reached by fields which one and the same purpose opens. */
function visibleFields(
  supergraph: LoadedSupergraph,
  decide: Decide,
  principal: Principal,
  mediator: Principal | undefined,
): ReadonlySet<string> {
  const { classification, subjectTypes } = supergraph;
  const { schema } = supergraph.executor;
  const refused = refusedCoordinates(supergraph, { principal, mediator });
  const visible = new Set<string>();

  const walkFor = (best: Decision | undefined): void => {
    const walked = new Set<string>();
    const walk = (parent: GraphQLNamedType, sector: Sector): void => {
      if (walked.has(`${parent.name} ${sector}`)) return;
      walked.add(`${parent.name} ${sector}`);
      for (const type of typesBehind(schema, parent)) {
        if (!isObjectType(type)) continue;
        for (const field of Object.values(type.getFields())) {
          const coordinate = `${type.name}.${field.name}`;
          const through = subjectTypes.has(type.name)
            ? (supergraph.sectorOfSubjectField(coordinate) ?? 'DIRECTORY')
            : sector;
          const sensitivity = classification.get(coordinate);
          if (sensitivity === undefined || refused.has(coordinate)) continue;
          if (coordinate === SEARCH && !maySearch(principal.role)) continue;
          const isOpen =
            sensitivity.class === 'REFERENCE' ||
            (best !== undefined && judge(best, through, sensitivity).released);
          if (!isOpen) continue;
          visible.add(coordinate);
          const returned = getNamedType(field.type);
          if (isCompositeType(returned)) walk(returned, through);
        }
      }
    };
    for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()])
      if (root != null) walk(root, 'DIRECTORY');
  };

  walkFor(undefined);
  for (const best of bestDecisions(decide, principal, mediator)) walkFor(best);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isInterfaceType(type)) continue;
    const behind = schema.getPossibleTypes(type);
    for (const name of Object.keys(type.getFields())) {
      // An interface whose implementers do not all show a field is not one that has it.
      const isEverywhere = behind.every((each) => visible.has(`${each.name}.${name}`));
      if (isEverywhere && !refused.has(`${type.name}.${name}`)) visible.add(`${type.name}.${name}`);
    }
  }
  return visible;
}

function bestDecisions(decide: Decide, principal: Principal, mediator: Principal | undefined): Decision[] {
  const best = (purpose: PurposeOfUse, override: boolean): Decision[] => {
    const own = attainable(decide, principal, purpose, override);
    const both = mediator === undefined ? own : lesser(own, attainable(decide, mediator, purpose, override));
    // Outside the row of the role a purpose opens nothing; to ask for each cell would take a while.
    return both.of('DIRECTORY', 'IDENTITY').level === 'NONE' ? [] : [both];
  };
  // No break-glass for others.
  const overrides = mediator === undefined ? [false, true] : [false];
  return ALL_PURPOSES.flatMap((purpose) => overrides.flatMap((override) => best(purpose, override)));
}

function typesBehind(schema: GraphQLSchema, type: GraphQLNamedType): readonly GraphQLNamedType[] {
  return isObjectType(type) || !isCompositeType(type) ? [type] : schema.getPossibleTypes(type);
}
