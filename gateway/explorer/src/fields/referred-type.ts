import type { SchemaReference } from '@graphiql/react';
import { getNamedType } from 'graphql';

/** The type whose description answers a click on a name in the editor. */
export function referredType(reference: SchemaReference | null): string | undefined {
  if (reference === null) return undefined;
  const { kind, typeInfo } = reference;
  const type = kind === 'NamedType' ? typeInfo.type : (typeInfo.parentType ?? typeInfo.type);
  return type == null ? undefined : getNamedType(type).name;
}
