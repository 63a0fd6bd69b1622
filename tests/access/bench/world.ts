import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';
import {
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { canaryNumber, canaryText, hash, readCanary } from './canary.ts';

/** The children that there are; by their position canaries name them. */
export const CHILDREN: readonly string[] = Array.from({ length: 5 }, (_none, index) =>
  contactPointNumber(Buffer.alloc(10, index * 37 + 11)),
);

/** What is stored about them. A world has no rights in it: it answers whatever it is asked. */
export interface World {
  /** Other seeds, other nulls, lengths and types. */
  readonly seed: number;
  /** Nothing is null by chance, and a list holds at least one of each type that may be in it. */
  readonly plenty?: boolean;
  /** Whether nothing is stored under a coordinate for a child. */
  readonly lacks?: (child: string, coordinate: string) => boolean;
}

/** An object of the world: what it is, whose, and where it stands below its child. */
export interface Thing {
  readonly __typename: string;
  /** Position in `CHILDREN`, `-` where there is none. */
  readonly child: string;
  readonly trail: string;
}

/** Of a number that nobody has; agencies tell tales about it all the same, so that a decoy's answer would be seen. */
const STRANGER = 'x';

type Arguments = Readonly<Record<string, unknown>>;

/** What the world says to one field, the same to every agency, executor and oracle that asks it. */
export function worldValue(
  schema: GraphQLSchema,
  world: World,
  thing: Thing,
  parentType: string,
  field: GraphQLField<unknown, unknown>,
  args: Arguments,
): unknown {
  const { child } = thing;
  const coordinate = `${parentType}.${field.name}`;
  const trail = thing.trail === '' ? field.name : `${thing.trail}.${field.name}`;
  const id = CHILDREN[Number(child)];
  if (field.name === 'id' && parentType === 'Child') return id ?? child.slice(STRANGER.length);
  if (id !== undefined && world.lacks?.(id, coordinate)) return null;
  return build({ schema, world, child, coordinate, args }, field.type, trail);
}

/** A thing as a representation names it, or as it already is. */
export function thingOf(source: unknown, root: string): Thing {
  if (typeof source !== 'object' || source === null) return { __typename: root, child: '-', trail: '' };
  const given = source as Readonly<Record<string, unknown>>;
  const typename = String(given['__typename']);
  if (typeof given['trail'] === 'string') return source as Thing;
  if (typeof given['id'] === 'string') {
    const index = CHILDREN.indexOf(given['id']);
    return { __typename: typename, child: index === -1 ? STRANGER + given['id'] : String(index), trail: '' };
  }
  // An entity that is no person is known by a key which is itself a canary.
  const key = Object.entries(given).find(([name]) => name !== '__typename')?.[1];
  const { child = '-', trail = '' } = readCanary(String(key)) ?? {};
  return { __typename: typename, child, trail: trail.split('.').slice(0, -1).join('.') };
}

interface Building {
  readonly schema: GraphQLSchema;
  readonly world: World;
  readonly child: string;
  readonly coordinate: string;
  readonly args: Arguments;
  /** Of the item in its list. */
  readonly index?: number;
}

function build(building: Building, type: GraphQLOutputType, trail: string): unknown {
  const { schema, world, child, coordinate, args } = building;
  if (isNonNullType(type)) return build(building, type.ofType, trail) ?? filled(building, type.ofType, trail);
  const named = getNamedType(type);
  const dice = hash(`${world.seed} ${child} ${coordinate} ${trail}`);

  if (isListType(type)) {
    const asked = args['ids'];
    if (Array.isArray(asked)) return asked.map((id) => childThing(String(id)));
    if (dice % 9 === 0 && !world.plenty) return null;
    const length =
      world.plenty && isAbstractType(named) ? schema.getPossibleTypes(named).length : 1 + (dice % 3);
    return Array.from({ length }, (_none, index) =>
      build({ ...building, args: {}, index }, type.ofType, `${trail}.${index}`),
    );
  }
  const canBeChild =
    named.name === 'Child' ||
    (isAbstractType(named) && schema.getPossibleTypes(named).some(({ name }) => name === 'Child'));
  if (typeof args['id'] === 'string' && canBeChild) return childThing(args['id']);
  if (dice % 11 === 0 && !world.plenty) return null;
  return filled(building, type, trail);
}

function filled(
  { schema, world, child, coordinate, index }: Building,
  type: GraphQLOutputType,
  trail: string,
) {
  const dice = hash(`${trail} ${world.seed} ${child} ${coordinate}`);
  const named = getNamedType(type);
  if (isScalarType(named)) {
    if (named.name === 'Boolean') return dice % 2 === 0;
    const canary = { child, coordinate, trail };
    return named.name === 'Int' ? canaryNumber(canary) : canaryText(canary);
  }
  if (isEnumType(named)) return byName(named.getValues())[dice % named.getValues().length]?.value;
  const types = isAbstractType(named) ? byName(schema.getPossibleTypes(named)) : [named];
  const chosen = types[(world.plenty && index !== undefined ? index : dice) % types.length];
  if (!isObjectType(chosen)) throw new Error(`No object type for ${named.name}`);
  if (chosen.name === 'Child') return childThing(CHILDREN[dice % CHILDREN.length]);
  return { __typename: chosen.name, child, trail } satisfies Thing;
}

/** Schemas of agencies, gateway and oracle list the same things in different orders. */
function byName<Named extends { readonly name: string }>(things: readonly Named[]): readonly Named[] {
  return things.toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function childThing(id: string | undefined): Thing | null {
  const child = CHILDREN.indexOf(id ?? '');
  return child === -1 ? null : { __typename: 'Child', child: String(child), trail: '' };
}
