import {
  type ConstDirectiveNode,
  type ConstValueNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  Kind,
} from 'graphql';
import { schemaDirectives } from './classification.ts';
import {
  type AuthorizationDirective,
  argument,
  authorizationNames,
  linkedRules,
} from './linked-directive.ts';

/** Alternatives of names that are needed together: outer OR, inner AND. */
type Alternatives = readonly (readonly string[])[];

/** What Apollo's authorization directives ask for one coordinate; every entry must be met. */
interface Rule {
  readonly authenticated: boolean;
  readonly scopes: readonly Alternatives[];
  readonly policies: readonly Alternatives[];
}

/** Rules by coordinate, `AccessEvent.reason`; a coordinate that is not named has none. */
export interface CoordinateRules {
  readonly rules: ReadonlyMap<string, Rule>;
}

/** What the caller has to meet rules with. */
export interface Credentials {
  readonly authenticated: boolean;
  readonly scopes: Iterable<string>;
  /** Policies that were decided in the caller's favour; one that nobody decided is refused. */
  readonly policies: ReadonlySet<string>;
}

/** The supergraph links rules of which none was found: whoever serves it would let everybody past them. */
export class RulesNotFoundError extends Error {
  override readonly name = 'RulesNotFoundError';

  constructor(directive: string) {
    super(`The supergraph links @${directive}, but no field was found to be guarded by it`);
  }
}

/** Unmet coordinates are kept for so many different credentials: scopes follow from roles, so there are few. */
const REMEMBERED = 256;

/**
 * Reads `@authenticated`, `@requiresScopes` and `@policy` as Apollo defines them, under whatever name the schema links them.
 * A field is subject to its own rules, its parent type's, and those of the type it returns. An interface is as guarded
 * as all its implementers together, and so is each of its fields: a caller who may read only some of them has to say which,
 * by a type condition. What an interface asks for beyond them holds for each of them (CVE-2025-64530).
 *
 * @throws RulesNotFoundError when a linked specification has no rule, under a name that was not understood perhaps.
 * @see https://specs.apollo.dev/requiresScopes/v0.1
 * @see https://www.apollographql.com/docs/graphos/routing/security/authorization
 */
export function readCoordinateRules(supergraph: GraphQLSchema): CoordinateRules {
  const read = ruleReader(schemaDirectives(supergraph));
  const guarded = (type: GraphQLNamedType, ownRule: (each: GraphQLNamedType) => Rule): Rule => {
    const inherited = interfacesOf(type).map((each) =>
      beyond(ownRule(each), all(implementersOf(supergraph, each).map(ownRule))),
    );
    return all([ownRule(type), ...implementersOf(supergraph, type).map(ownRule), ...inherited]);
  };
  const ruleOfType = (type: GraphQLNamedType): Rule => guarded(type, (each) => read(directivesOf(each)));
  const ruleOfField = (type: GraphQLNamedType, { name }: GraphQLField<unknown, unknown>): Rule =>
    guarded(type, (each) => read(fieldOf(each, name)?.astNode?.directives ?? []));

  const rules = new Map<string, Rule>();
  for (const type of Object.values(supergraph.getTypeMap())) {
    if (isIntrospectionType(type) || !(isObjectType(type) || isInterfaceType(type))) continue;
    for (const field of Object.values(type.getFields())) {
      const rule = all([ruleOfType(type), ruleOfField(type, field), ruleOfType(getNamedType(field.type))]);
      if (rule.authenticated || rule.scopes.length > 0 || rule.policies.length > 0)
        rules.set(`${type.name}.${field.name}`, rule);
    }
  }
  for (const directive of linkedRules(schemaDirectives(supergraph))) {
    if (![...rules.values()].some((rule) => speaksOf(rule, directive)))
      throw new RulesNotFoundError(directive);
  }
  return { rules };
}

/**
 * The coordinates that the caller may not read, and what is missing first. Computed once for each set of credentials.
 */
export function unmetCoordinates(
  rules: CoordinateRules,
  { authenticated, scopes, policies }: Credentials,
): ReadonlyMap<string, 'SCOPE' | 'POLICY'> {
  const held = new Set(scopes);
  const key = JSON.stringify([authenticated, [...held].sort(), [...policies].sort()]);
  const known = remembered.get(rules) ?? new Map<string, ReadonlyMap<string, 'SCOPE' | 'POLICY'>>();
  remembered.set(rules, known);
  let unmet = known.get(key);
  if (unmet === undefined) {
    unmet = findUnmet(rules, authenticated, held, policies);
    if (known.size >= REMEMBERED) known.clear();
    known.set(key, unmet);
  }
  return unmet;
}

const remembered = new WeakMap<CoordinateRules, Map<string, ReadonlyMap<string, 'SCOPE' | 'POLICY'>>>();

function findUnmet(
  { rules }: CoordinateRules,
  authenticated: boolean,
  scopes: ReadonlySet<string>,
  policies: ReadonlySet<string>,
): Map<string, 'SCOPE' | 'POLICY'> {
  const unmet = new Map<string, 'SCOPE' | 'POLICY'>();
  for (const [coordinate, rule] of rules) {
    if ((rule.authenticated && !authenticated) || !allMet(rule.scopes, scopes))
      unmet.set(coordinate, 'SCOPE');
    else if (!allMet(rule.policies, policies)) unmet.set(coordinate, 'POLICY');
  }
  return unmet;
}

function allMet(rules: readonly Alternatives[], held: ReadonlySet<string>): boolean {
  return rules.every((alternatives) => alternatives.some((names) => names.every((name) => held.has(name))));
}

function ruleReader(schema: readonly ConstDirectiveNode[]) {
  const authenticated = authorizationNames(schema, 'authenticated');
  const requiresScopes = authorizationNames(schema, 'requiresScopes');
  const policy = authorizationNames(schema, 'policy');
  return (directives: readonly ConstDirectiveNode[]): Rule => {
    const applied = (names: ReadonlySet<string>) => directives.filter(({ name }) => names.has(name.value));
    return {
      authenticated: applied(authenticated).length > 0,
      scopes: applied(requiresScopes).map((directive) => alternativesOf(argument(directive, 'scopes'))),
      policies: applied(policy).map((directive) => alternativesOf(argument(directive, 'policies'))),
    };
  };
}

/** A rule without alternatives, or one that cannot be read, is met by nobody. GraphQL takes one item for a list of one. */
function alternativesOf(value: ConstValueNode | undefined): Alternatives {
  return itemsOf(value).flatMap((names) => {
    const items = itemsOf(names);
    const strings = items.flatMap((item) => (item.kind === Kind.STRING ? [item.value] : []));
    return strings.length === items.length ? [strings] : [];
  });
}

function itemsOf(value: ConstValueNode | undefined): readonly ConstValueNode[] {
  if (value === undefined) return [];
  return value.kind === Kind.LIST ? value.values : [value];
}

function all(rules: readonly Rule[]): Rule {
  return {
    authenticated: rules.some(({ authenticated }) => authenticated),
    scopes: rules.flatMap(({ scopes }) => scopes),
    policies: rules.flatMap(({ policies }) => policies),
  };
}

/** What a rule asks for that is not asked for already: composition writes on an interface what its implementers ask. */
function beyond(rule: Rule, asked: Rule): Rule {
  return {
    authenticated: rule.authenticated && !asked.authenticated,
    scopes: rule.scopes.filter((alternatives) => !follows(alternatives, asked.scopes)),
    policies: rule.policies.filter((alternatives) => !follows(alternatives, asked.policies)),
  };
}

/** Combinations of alternatives that are looked through; with more of them a rule is taken for one of its own. */
const MOST_COMBINATIONS = 1_000;

/** Whether whoever meets all of `rules` meets `alternatives` too. */
function follows(alternatives: Alternatives, rules: readonly Alternatives[]): boolean {
  let combinations: readonly (readonly string[])[] = [[]];
  for (const rule of rules) {
    combinations = combinations.flatMap((held) => rule.map((names) => [...held, ...names]));
    if (combinations.length > MOST_COMBINATIONS) return false;
  }
  return combinations.every((held) => allMet([alternatives], new Set(held)));
}

function speaksOf(rule: Rule, directive: AuthorizationDirective): boolean {
  if (directive === 'authenticated') return rule.authenticated;
  return (directive === 'policy' ? rule.policies : rule.scopes).length > 0;
}

function interfacesOf(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [];
}

function fieldOf(type: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

function implementersOf(schema: GraphQLSchema, type: GraphQLNamedType) {
  return isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
}

function directivesOf(type: GraphQLNamedType): ConstDirectiveNode[] {
  return [type.astNode, ...type.extensionASTNodes].flatMap((node) => node?.directives ?? []);
}
