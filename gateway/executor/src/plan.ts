import type { QueryPlan } from '@graphql-hive/router-query-planner';
import { type GraphQLSchema, isEnumType, isInterfaceType, Kind } from 'graphql';
import { PlanError } from './planning/plan-error.ts';
import type { PlanNode } from './planning/plan-node.ts';
import type { PlanLimits } from './planning/plan-size.ts';
import { PlannerFailure } from './planning/planner-failure.ts';
import { type ReadySupergraph, readyAtOnce } from './planning/ready-supergraph.ts';
import { translatePlan } from './planning/translate-plan.ts';

export interface Planner {
  /** What clients may ask. */
  readonly apiSchema: GraphQLSchema;
  /** With `@inaccessible` elements and federation's own; what subgraphs are asked in. */
  readonly supergraphSchema: GraphQLSchema;
  readonly subgraphs: readonly string[];
  /** Interfaces that some subgraph has as an `@interfaceObject`. */
  readonly interfaceObjects: ReadonlySet<string>;
  /**
   * @param query One operation without conditions, valid against the API schema: the planner would plan what is
   *   `@inaccessible` too.
   * @returns undefined when no subgraph has to be asked.
   * @throws PlanError
   */
  plan(query: string, limits: PlanLimits): PlanNode | undefined;
  close(): Promise<void>;
}

export interface PlannerOptions {
  readonly supergraphSdl: string;
  /** Labels of `@override(label:)` under which fields have moved already; none unless told. */
  readonly overrideLabels?: ReadonlySet<string> | undefined;
  /** Of the same SDL and labels; made ready here, at once, unless given. */
  readonly ready?: ReadySupergraph | undefined;
}

/** @throws when the SDL is no supergraph or needs a feature that is not supported. */
export function createPlanner({ supergraphSdl, overrideLabels, ready }: PlannerOptions): Planner {
  const { supergraphSchema, apiSchema, planning } = ready ?? readyAtOnce(supergraphSdl, overrideLabels);

  return {
    apiSchema,
    supergraphSchema,
    subgraphs: subgraphNames(supergraphSchema),
    interfaceObjects: interfaceObjectsOf(supergraphSchema),
    plan(query, limits) {
      const { node } = buildPlan(() => planning.plan(query));
      return node && translatePlan(node, limits);
    },
    close: () => planning.close(),
  };
}

function buildPlan(build: () => QueryPlan): QueryPlan {
  try {
    return build();
  } catch (cause) {
    if (cause instanceof PlannerFailure && cause.code === 'AWAY')
      throw new PlanError('NO_PLANNER', 'No plan can be made at the moment', { cause });
    throw new PlanError('NO_PLAN', 'No plan could be made for the operation', { cause });
  }
}

/** @throws when the SDL is no supergraph. */
function subgraphNames(supergraph: GraphQLSchema): string[] {
  const graphs = supergraph.getType('join__Graph');
  if (!isEnumType(graphs)) throw new Error('The SDL is no supergraph');
  return graphs.getValues().map(({ name, astNode }) => {
    const join = astNode?.directives?.find((it) => it.name.value === 'join__graph');
    const given = join?.arguments?.find((it) => it.name.value === 'name')?.value;
    return given?.kind === Kind.STRING ? given.value : name;
  });
}

function interfaceObjectsOf(supergraph: GraphQLSchema): ReadonlySet<string> {
  const names = Object.values(supergraph.getTypeMap()).flatMap((type) => {
    const joins = isInterfaceType(type) ? (type.astNode?.directives ?? []) : [];
    const isObject = joins.some(({ name, arguments: args }) => {
      const given = args?.find((it) => it.name.value === 'isInterfaceObject')?.value;
      return name.value === 'join__type' && given?.kind === Kind.BOOLEAN && given.value;
    });
    return isObject ? [type.name] : [];
  });
  return new Set(names);
}
