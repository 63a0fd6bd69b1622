import {
  type DocumentNode,
  execute,
  type FieldNode,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  isInterfaceType,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { AGENCIES, type Agency } from '../agencies.ts';
import { type Caller, factsOf, openedIn, type Question } from '../caller.ts';
import { CHILDREN, type Thing, thingOf, type World, worldValue } from '../world.ts';
import { mayFind, withheld, withheldFromAll } from './matrix.ts';
import { type Guards, readAgencies } from './sdl.ts';

/** What an answer must be, to the last null and the last reason. */
interface OracleAnswer {
  readonly data: unknown;
  /** `child.homes.0.line PURPOSE`, sorted. */
  readonly errors: readonly string[];
}

export interface Oracle {
  answer(world: World, caller: Caller, question: Question): OracleAnswer;
}

/**
 * A server that holds everything itself and looks at every field on its own: no plan, no fetch, no grant, no cache. Slow,
 * and plain enough to be believed.
 *
 * @param schema What clients may ask.
 */
export function createOracle(schema: GraphQLSchema, agencies: readonly Agency[] = AGENCIES): Oracle {
  const said = readAgencies(agencies);

  return {
    answer(world, caller, question) {
      const { query, variables, operationName } = question;
      const opened = openedIn(caller, question);
      const document = parse(query);
      const selectedOn = typesSelectedOn(schema, document);
      const errors = new Set<string>();
      const report = (path: readonly (string | number)[], reason: string) => {
        if (reason !== 'silent') errors.add(`${path.join('.')} ${reason}`);
      };

      const resolve = (
        source: unknown,
        args: Readonly<Record<string, unknown>>,
        info: GraphQLResolveInfo,
      ) => {
        const coordinate = `${info.parentType.name}.${info.fieldName}`;
        const path = pathOf(info);
        const thing = thingOf(source, info.parentType.name) as Seen;
        const subjectField = thing.__typename === 'Child' ? coordinate : thing.through;
        // One way of selecting it that is open is enough; what it is itself has to be open in any case.
        const guarded = (type: string) =>
          unmetGuard(said.guardsOf(`${type}.${info.fieldName}`), caller.scopes);
        const ways = info.fieldNodes.map((node) => guarded(selectedOn.get(node) ?? info.parentType.name));
        const unmet = [guarded(info.parentType.name), ...(ways.every(Boolean) ? ways : [])];
        const directive = unmet.find((each) => each === 'SCOPE') ?? unmet.find(Boolean);
        const why = directive ?? withheldClass(caller, thing, subjectField, coordinate);
        if (why !== undefined) {
          report(path, why);
          return null;
        }
        const field = schema.getType(info.parentType.name);
        const definition =
          field !== undefined && 'getFields' in field ? field.getFields()[info.fieldName] : undefined;
        if (definition === undefined || !('args' in definition)) throw new Error(`No ${coordinate}`);
        const value = worldValue(schema, world, thing, info.parentType.name, definition, args);
        const door = coordinate === 'Query.child' || coordinate === 'Query.childByIdentifier';
        if (value === null && door && !mayFind(caller.role)) report(path, 'RELATIONSHIP');
        return admit(value, path, subjectField);
      };

      const withheldClass = (
        of: Caller,
        thing: Seen,
        subjectField: string | undefined,
        coordinate: string,
      ) => {
        const sensitivity = said.classes.get(coordinate);
        if (sensitivity === undefined) throw new Error(`No class for ${coordinate}`);
        const sector = said.sectors.get(subjectField ?? '') ?? 'DIRECTORY';
        const sought = { ...sensitivity, sector };
        if (subjectField === undefined) return withheldFromAll(of, sought);
        const child = CHILDREN[Number(thing.child)] ?? '';
        return withheld(of, factsOf(of, child), sought, opened.has(child));
      };

      /** Children are let in one by one, each for itself; whatever else there is remembers by which field it came. */
      const admit = (
        value: unknown,
        path: readonly (string | number)[],
        through: string | undefined,
      ): unknown => {
        if (Array.isArray(value)) return value.map((item, index) => admit(item, [...path, index], through));
        if (typeof value !== 'object' || value === null) return value;
        const thing = value as Thing;
        if (thing.__typename !== 'Child') return { ...thing, through };
        const why = withheldClass(caller, thing as Seen, 'Child.id', 'Child.id');
        if (why === undefined) return thing;
        report(path, why);
        return null;
      };

      const result = execute({
        schema,
        document,
        ...(variables === undefined ? {} : { variableValues: variables }),
        operationName: operationName ?? null,
        fieldResolver: (source, args, _context, info) => resolve(source, args, info),
        typeResolver: (value) => (value as Thing).__typename,
      });
      if (result instanceof Promise) throw new Error('Nothing in the oracle waits');
      if (result.errors !== undefined) throw new AggregateError(result.errors, 'The oracle must not fail');
      return { data: JSON.parse(JSON.stringify(result.data)), errors: [...errors].sort() };
    },
  };
}

/** A thing, and the field of its child through which it was reached. */
type Seen = Thing & { readonly through?: string };

function unmetGuard({ scopes, policies }: Guards, held: readonly string[]): 'SCOPE' | 'POLICY' | undefined {
  const meets = (names: readonly string[]) => names.every((name) => held.includes(name));
  if (!scopes.every((alternatives) => alternatives.some(meets))) return 'SCOPE';
  // Nobody decides policies yet.
  return policies.length > 0 ? 'POLICY' : undefined;
}

/** Of each field that is selected on an interface, that interface. */
function typesSelectedOn(schema: GraphQLSchema, document: DocumentNode): ReadonlyMap<FieldNode, string> {
  const selectedOn = new Map<FieldNode, string>();
  const info = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(info, {
      Field(node) {
        const parent = info.getParentType();
        if (isInterfaceType(parent)) selectedOn.set(node, parent.name);
      },
    }),
  );
  return selectedOn;
}

function pathOf(info: GraphQLResolveInfo): (string | number)[] {
  const path: (string | number)[] = [];
  for (let at: GraphQLResolveInfo['path'] | undefined = info.path; at !== undefined; at = at.prev)
    path.unshift(at.key);
  return path;
}
