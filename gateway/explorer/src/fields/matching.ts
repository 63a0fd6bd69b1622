import {
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

export type AnyField = GraphQLField<unknown, unknown> | GraphQLInputField;

/** A type, and those of its fields that were searched for. */
export interface FoundType {
  readonly type: GraphQLNamedType;
  readonly fields: readonly AnyField[];
}

/** Every word has to be in the name of the type, the name of the field or what is said of it. All of them for no words. */
export function matching(types: readonly GraphQLNamedType[], searched: string): readonly FoundType[] {
  const words = searched
    .toLowerCase()
    .split(/[\s.]+/)
    .filter((word) => word !== '');
  return types.flatMap((type) => {
    const all = fieldsOf(type);
    if (words.length === 0) return [{ type, fields: all }];
    const fields = all.filter((field) => {
      const text = `${type.name} ${field.name} ${field.description ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    const isNamed = words.every((word) => type.name.toLowerCase().includes(word));
    return fields.length > 0 || isNamed ? [{ type, fields: isNamed ? all : fields }] : [];
  });
}

function fieldsOf(type: GraphQLNamedType): readonly AnyField[] {
  const has = isObjectType(type) || isInterfaceType(type) || isInputObjectType(type);
  return has ? Object.values<AnyField>(type.getFields()) : [];
}
