import type { GraphQLSchema } from 'graphql';
import type { DataPath } from '../planning/plan-step.ts';
import { isOfType } from '../selections/type-condition.ts';
import { type DataRecord, isRecord, own } from './record.ts';

/**
 * Objects that stand at any of the paths, each once. One entity fills many places with the same objects, so that a path
 * through them reaches the same ones again and again: whoever is found twice is followed once (docs/adr/0061).
 */
export function objectsAt(
  schema: GraphQLSchema,
  objects: readonly DataRecord[],
  paths: readonly DataPath[],
): readonly DataRecord[] {
  const [only] = paths;
  if (only !== undefined && paths.length === 1) return [...objectsAlong(schema, objects, only)];
  return [...new Set(paths.flatMap((path) => [...objectsAlong(schema, objects, path)]))];
}

function objectsAlong(
  schema: GraphQLSchema,
  objects: readonly DataRecord[],
  path: DataPath,
): Iterable<DataRecord> {
  let here: Iterable<DataRecord> = objects;
  for (const step of path) {
    // Lists on the way are entered whether the path says so or not.
    if (step.kind === 'ITEMS') continue;
    const next = new Set<DataRecord>();
    for (const record of here) {
      if (step.kind === 'KEY') addRecords(own(record, step.key), next);
      else if (isOfType(schema, record, step.names)) next.add(record);
    }
    here = next;
  }
  return here;
}

function addRecords(value: unknown, records: Set<DataRecord>): void {
  if (Array.isArray(value)) for (const item of value) addRecords(item, records);
  else if (isRecord(value)) records.add(value);
}
