import type { GraphQLSchema } from 'graphql';
import type { Representation } from '../hooks.ts';
import type { FetchStep, FetchText } from '../planning/plan-step.ts';
import { SUBJECT_KEY } from '../selections/response-key.ts';
import type { SubgraphAnswer } from '../subgraphs/subgraph-client.ts';
import { type DataRecord, isRecord, own } from './record.ts';
import { applyRewrites } from './rewrites.ts';

export interface RootAnswer {
  /** Undefined when the subgraph gave errors only. */
  readonly record: DataRecord | undefined;
  readonly errors: readonly unknown[];
}

export interface EntitiesAnswer {
  /** In the order of the representations; undefined when the subgraph gave errors only. */
  readonly entities: readonly AnsweredEntity[] | undefined;
  readonly errors: readonly unknown[];
}

export type AnsweredEntity =
  | { readonly kind: 'FOUND'; readonly record: DataRecord }
  | { readonly kind: 'NULL' }
  /** Another entity than was asked for, or no entity at all. */
  | { readonly kind: 'WRONG' };

/** @returns undefined when this is no answer to a fetch at the root. */
export function readRoot(
  schema: GraphQLSchema,
  step: FetchStep,
  text: FetchText,
  answer: SubgraphAnswer,
): RootAnswer | undefined {
  if (answer.kind === 'UNAVAILABLE') return undefined;
  const record = answer.data && readRecord(schema, step, text, answer.data);
  return { record, errors: answer.errors };
}

/** @returns undefined when this is no answer to the representations: too few entities, too many, none at all. */
export function readEntities(
  schema: GraphQLSchema,
  step: FetchStep,
  text: FetchText,
  answer: SubgraphAnswer,
  representations: readonly Representation[],
): EntitiesAnswer | undefined {
  if (answer.kind === 'UNAVAILABLE') return undefined;
  const { errors } = answer;
  const entities = answer.data === undefined ? undefined : own(answer.data, '_entities');
  // `_entities` is non-null: one error in its own resolver takes all data away.
  if ((entities === undefined || entities === null) && errors.length > 0) {
    return { entities: undefined, errors };
  }
  if (!Array.isArray(entities) || entities.length !== representations.length) return undefined;
  return {
    entities: representations.map((it, index) => readEntity(schema, step, text, entities[index], it)),
    errors,
  };
}

function readEntity(
  schema: GraphQLSchema,
  step: FetchStep,
  text: FetchText,
  entity: unknown,
  representation: Representation,
): AnsweredEntity {
  if (entity === null) return { kind: 'NULL' };
  if (!isRecord(entity)) return { kind: 'WRONG' };
  const record = readRecord(schema, step, text, entity);
  const asked = own(representation, 'id');
  for (const key of [SUBJECT_KEY, 'id']) {
    const answered = record[key];
    const isAnother = asked !== undefined && answered !== undefined && keyText(answered) !== keyText(asked);
    if (isAnother) return { kind: 'WRONG' };
    // Of what was asked for, not of what came, the next fetch makes its representations.
    if (asked !== undefined && answered !== undefined) record[key] = asked;
  }
  return { kind: 'FOUND', record };
}

/** A number and its text are one key. An object, which no key of a subject is, has no text of its own. */
function keyText(key: unknown): string {
  return typeof key === 'object' ? JSON.stringify(key) : String(key);
}

function readRecord(
  schema: GraphQLSchema,
  step: FetchStep,
  text: FetchText,
  answered: DataRecord,
): DataRecord {
  const record = text.copyAnswer(answered);
  applyRewrites(schema, step.outputRewrites, record);
  return record;
}
