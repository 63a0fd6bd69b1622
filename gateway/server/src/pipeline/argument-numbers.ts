import { isContactPointNumber, normaliseNumber } from '@contactpoint/access/subject-number';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLScalarType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';

type Input = Pick<GraphQLArgument | GraphQLInputField, 'name' | 'type'>;

/**
 * ContactPoint numbers in the value of an argument, wherever in it one can stand, however it was typed. A list or an object
 * of anything else is not looked through.
 *
 * @param namesChild Whether a value may be a child's number, by the name it stands under and its type.
 */
export function numbersIn(
  { name, type }: Input,
  value: unknown,
  namesChild: (name: string, type: GraphQLScalarType) => boolean,
): readonly string[] {
  if (isNonNullType(type)) return numbersIn({ name, type: type.ofType }, value, namesChild);
  if (isListType(type)) {
    const items = Array.isArray(value) ? value : [];
    return items.flatMap((item) => numbersIn({ name, type: type.ofType }, item, namesChild));
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields();
    return Object.entries(value ?? {}).flatMap(([part, given]) => {
      const field = fields[part];
      return field === undefined ? [] : numbersIn(field, given, namesChild);
    });
  }
  if (!isScalarType(type) || typeof value !== 'string' || !namesChild(name, type)) return [];
  const number = normaliseNumber(value);
  return isContactPointNumber(number) ? [number] : [];
}
