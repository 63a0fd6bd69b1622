import type { GraphQLSchema } from 'graphql';
import type { Representation } from './hooks.ts';
import type { FetchStep, RequiredSelection } from './plan-step.ts';
import { type DataRecord, emptyRecord, isRecord, own } from './record.ts';
import { applyRewrites } from './rewrites.ts';
import { satisfies } from './type-condition.ts';

/** One entity as it is asked for, and all objects of the data that it fills. */
export interface EntityPlaces {
  readonly representation: Representation;
  readonly objects: readonly DataRecord[];
}

export interface Representations {
  readonly entities: readonly EntityPlaces[];
  /** Objects of which something required was never fetched, with the key that is missing. */
  readonly incomplete: readonly { readonly object: DataRecord; readonly missing: string }[];
}

/** Entities that stand in several places are asked for once. */
export function representationsOf(
  schema: GraphQLSchema,
  step: FetchStep,
  objects: readonly DataRecord[],
): Representations {
  const byText = new Map<string, { representation: Representation; objects: DataRecord[] }>();
  const incomplete: { object: DataRecord; missing: string }[] = [];

  for (const object of new Set(objects)) {
    const picked = pick(schema, object, step.requires ?? []);
    if ('missing' in picked) {
      incomplete.push({ object, missing: picked.missing });
      continue;
    }
    applyRewrites(schema, step.inputRewrites, picked.record);
    // Another type than the fetch is for.
    if (!isRepresentation(picked.record)) continue;
    // The keys stand in the order of the plan, so equal entities have equal texts.
    const text = JSON.stringify(picked.record);
    const known = byText.get(text);
    if (known === undefined) byText.set(text, { representation: picked.record, objects: [object] });
    else known.objects.push(object);
  }
  return { entities: [...byText.values()], incomplete };
}

function isRepresentation(record: DataRecord): record is Representation {
  return typeof record.__typename === 'string';
}

type Picked = { readonly record: DataRecord } | { readonly missing: string };

function pick(
  schema: GraphQLSchema,
  source: DataRecord,
  selections: readonly RequiredSelection[],
  record: DataRecord = emptyRecord(),
): Picked {
  for (const selection of selections) {
    if (selection.kind === 'Fragment') {
      const type = own(source, '__typename');
      if (typeof type !== 'string' || !satisfies(schema, type, selection.type)) continue;
      const picked = pick(schema, source, selection.selections, record);
      if ('missing' in picked) return picked;
      continue;
    }
    const value = own(source, selection.key);
    if (value === undefined) return { missing: selection.key };
    const below = selection.selections;
    const picked = below === undefined ? value : pickBelow(schema, value, below);
    if (picked === undefined) return { missing: selection.key };
    record[selection.as] = picked;
  }
  return { record };
}

function pickBelow(schema: GraphQLSchema, value: unknown, selections: readonly RequiredSelection[]): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => pickBelow(schema, item, selections));
    return items.includes(undefined) ? undefined : items;
  }
  if (!isRecord(value)) return null;
  const picked = pick(schema, value, selections);
  return 'missing' in picked ? undefined : picked.record;
}
