import type { Decide } from '@contactpoint/access/decide';
import type { Principal } from '@contactpoint/access/principal';
import { type GraphQLSchema, isInterfaceType } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { LoadedSupergraph } from '../supergraph.ts';
import { attainableFields } from './attainable-fields.ts';
import { refusedCoordinates } from './authorize-coordinates.ts';
import type { Readers } from './readers.ts';
import { schemaOfFields } from './schema-of-fields.ts';

/** What introspection shows a caller, and where they read for a colleague, what it may show of both. */
export type VisibleSchema = (principal: Principal, mediator?: Principal) => GraphQLSchema;

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
    const key = attributesOf({ principal, mediator });
    let schema = schemas.get(key);
    if (schema === undefined) {
      const fields = visibleFields(supergraph, decide, { principal, mediator });
      schema = schemaOfFields(supergraph.executor.schema, fields);
      schemas.set(key, schema);
    }
    return schema;
  };
}

/** Everything of the readers that what they may see of a schema follows from. */
export function attributesOf({ principal, mediator }: Readers): string {
  const of = ({ role, sector, scopes }: Principal) => [role, sector, [...scopes].sort()];
  return JSON.stringify([of(principal), mediator && of(mediator)]);
}

function visibleFields(supergraph: LoadedSupergraph, decide: Decide, readers: Readers): ReadonlySet<string> {
  const { schema } = supergraph.executor;
  const refused = refusedCoordinates(supergraph, readers);
  const visible = new Set(attainableFields(supergraph, decide, readers).keys());
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
