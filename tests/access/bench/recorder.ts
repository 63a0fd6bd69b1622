import { createHash } from 'node:crypto';
import type { GrantClaims } from '@contactpoint/access/grant';
import {
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInterfaceType,
  isObjectType,
  isUnionType,
  Kind,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { jwtVerify } from 'jose';
import type { Recorded } from './agency-server.ts';
import type { Bench } from './bench.ts';
import { NOW } from './caller.ts';

/** What one request asked an agency for, and under what right. */
export interface Asked {
  readonly agency: string;
  /** Coordinates of object types that the text selects, keys and `__typename` left out. */
  readonly coordinates: readonly string[];
  /** Ids of the subjects it names, in order; undefined for a request at the root. */
  readonly subjects: readonly string[] | undefined;
  readonly representations: readonly Readonly<Record<string, unknown>>[];
  readonly grant: GrantClaims;
}

/** Reads a recorded request. @throws when its grant does not hold for exactly what was sent. */
export async function readRequest(bench: Bench, recorded: Recorded): Promise<Asked> {
  const { agency, query, variables } = recorded;
  const key = bench.grantKeys.get(agency);
  const schema = bench.agencies[agency]?.schema;
  if (key === undefined || schema === undefined) throw new Error(`No agency ${agency}`);
  const { payload } = await jwtVerify<GrantClaims>(String(recorded.grant), key.secret, {
    algorithms: ['HS256'],
    audience: agency,
    currentDate: NOW,
  });
  const body = JSON.stringify(['operation', query, JSON.stringify(variables)]);
  if (payload.body !== createHash('sha256').update(body).digest('hex'))
    throw new Error(`A grant for another body at ${agency}`);

  const representations = (variables['representations'] ?? []) as Asked['representations'];
  const subjects = representations
    .filter(({ __typename }) => __typename === 'Child')
    .map(({ id }) => String(id));
  return {
    agency,
    coordinates: coordinatesOf(schema, query),
    subjects: variables['representations'] === undefined ? undefined : subjects,
    representations,
    grant: payload,
  };
}

function coordinatesOf(schema: GraphQLSchema, query: string): readonly string[] {
  const found = new Set<string>();
  const walk = (set: SelectionSetNode, parent: GraphQLNamedType | undefined): void => {
    for (const selection of set.selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) throw new Error('Agencies are sent no fragments');
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value;
        walk(selection.selectionSet, condition === undefined ? parent : schema.getType(condition));
        continue;
      }
      const name = selection.name.value;
      const isOwn = name === '__typename' || name === '_entities' || name === 'id';
      if (!isOwn) for (const type of possible(schema, parent)) found.add(`${type.name}.${name}`);
      const field = hasFields(parent) ? parent.getFields()[name] : undefined;
      if (selection.selectionSet && field) walk(selection.selectionSet, getNamedType(field.type));
    }
  };
  for (const definition of parse(query).definitions)
    if (definition.kind === Kind.OPERATION_DEFINITION)
      walk(definition.selectionSet, schema.getRootType(definition.operation) ?? undefined);
  return [...found];
}

function possible(schema: GraphQLSchema, type: GraphQLNamedType | undefined): readonly GraphQLNamedType[] {
  if (isAbstractType(type)) return schema.getPossibleTypes(type);
  return type === undefined || isUnionType(type) ? [] : [type];
}

function hasFields(type: GraphQLNamedType | undefined) {
  return isObjectType(type) || isInterfaceType(type);
}
