import type { GraphQLSchema } from 'graphql';
import type { DataPath } from '../planning/plan-step.ts';
import { isOfType } from '../selections/type-condition.ts';
import { type DataRecord, isRecord, own } from './record.ts';

/**
 * A change that the planner wants made to what goes into or comes out of a fetch: where two fragments select different
 * types under one key it asks under another name and has it renamed back.
 */
export type Rewrite =
  /** The last step of `path` is the key that is changed. */
  | { readonly kind: 'RENAME'; readonly path: DataPath; readonly to: string }
  | { readonly kind: 'SET'; readonly path: DataPath; readonly value: unknown };

export function applyRewrites(schema: GraphQLSchema, rewrites: readonly Rewrite[], value: DataRecord): void {
  for (const rewrite of rewrites) applyAt(schema, rewrite, 0, value);
}

function applyAt(schema: GraphQLSchema, rewrite: Rewrite, depth: number, value: unknown): void {
  if (Array.isArray(value)) {
    for (const item of value) applyAt(schema, rewrite, depth, item);
    return;
  }
  const step = rewrite.path[depth];
  if (!isRecord(value) || step === undefined) return;

  if (step.kind === 'ITEMS') applyAt(schema, rewrite, depth + 1, value);
  else if (step.kind === 'TYPE') {
    if (isOfType(schema, value, step.names)) applyAt(schema, rewrite, depth + 1, value);
  } else if (depth === rewrite.path.length - 1) {
    change(rewrite, step.key, value);
  } else {
    applyAt(schema, rewrite, depth + 1, own(value, step.key));
  }
}

function change(rewrite: Rewrite, key: string, record: DataRecord): void {
  if (rewrite.kind === 'SET') {
    record[key] = rewrite.value;
    return;
  }
  const value = own(record, key);
  if (value === undefined) return;
  record[rewrite.to] = value;
  delete record[key];
}
