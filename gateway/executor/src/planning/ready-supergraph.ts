import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildASTSchema, type DocumentNode, type GraphQLSchema, parse } from 'graphql';
import { apiDocumentOf, apiSchemaOf } from './api-schema.ts';
import { planInThisThread, type QueryPlanning } from './native-planner.ts';
import { startPlannerThread } from './planner-thread.ts';
import { refuseUnknownFeatures } from './supergraph-features.ts';

/** What is built from a supergraph before anything of it can be planned. */
export interface ReadySupergraph {
  /** With `@inaccessible` elements and federation's own. */
  readonly supergraphSchema: GraphQLSchema;
  /** What clients may ask. */
  readonly apiSchema: GraphQLSchema;
  readonly planning: QueryPlanning;
}

/** @throws when the SDL is no supergraph or needs a feature that is not supported. */
export function readyAtOnce(
  supergraphSdl: string,
  overrideLabels?: ReadonlySet<string> | undefined,
): ReadySupergraph {
  const supergraph = parseSupergraph(supergraphSdl);
  return {
    supergraphSchema: schemaOf(supergraph),
    apiSchema: apiSchemaOf(apiDocumentOf(supergraph)),
    planning: planInThisThread(supergraphSdl, overrideLabels),
  };
}

/**
 * The same beside requests that are being answered: the planner in a thread of its own, and each of the schemas, which no
 * thread can hand over, in a turn of the event loop. What clients may ask is worked out by whoever brings the SDL.
 *
 * @param apiSdl `apiDocumentOf` of the same supergraph, printed.
 * @throws (rejects) when the SDL is no supergraph or needs a feature that is not supported.
 */
export async function readyInTurns(supergraphSdl: string, apiSdl: string): Promise<ReadySupergraph> {
  const supergraph = parseSupergraph(supergraphSdl);
  await nextTurn();
  const supergraphSchema = schemaOf(supergraph);
  await nextTurn();
  const api = parse(apiSdl, { noLocation: true });
  await nextTurn();
  const apiSchema = apiSchemaOf(api);
  return { supergraphSchema, apiSchema, planning: await startPlannerThread({ supergraphSdl }) };
}

function parseSupergraph(supergraphSdl: string): DocumentNode {
  const supergraph = parse(supergraphSdl, { noLocation: true });
  refuseUnknownFeatures(supergraph);
  return supergraph;
}

function schemaOf(supergraph: DocumentNode): GraphQLSchema {
  return buildASTSchema(supergraph, { assumeValid: true, assumeValidSDL: true });
}
