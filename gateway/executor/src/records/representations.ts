import type { GraphQLSchema } from 'graphql';
import type { Representation } from '../hooks.ts';
import type { FetchStep, RequiredSelection } from '../planning/plan-step.ts';
import { satisfies } from '../selections/type-condition.ts';
import { TOO_DEEP } from './answer-shape.ts';
import { type Entity, EntityIndex } from './entity-index.ts';
import { type DataRecord, emptyRecord, isRecord, own, recordMaker } from './record.ts';
import { applyRewrites } from './rewrites.ts';

export interface Representations {
  readonly entities: readonly Entity[];
  /** Objects of which something required was never fetched, with the key that is missing. */
  readonly incomplete: readonly { readonly object: DataRecord; readonly missing: string }[];
}

/**
 * Entities that stand in several places are asked for once.
 *
 * @param objects Each once.
 */
export function representationsOf(
  schema: GraphQLSchema,
  step: FetchStep,
  objects: readonly DataRecord[],
): Representations {
  const entities: Entity[] = [];
  const incomplete: { object: DataRecord; missing: string }[] = [];
  const known = new EntityIndex();

  for (const object of objects) {
    const picked = pick(schema, object, step.requires ?? [], makeRepresentation());
    if ('missing' in picked) {
      incomplete.push({ object, missing: picked.missing });
      continue;
    }
    const { record } = picked;
    applyRewrites(schema, step.inputRewrites, record);
    // Another type than the fetch is for.
    if (!isRepresentation(record)) continue;
    const place = known.placeOf(own(object, '__typename'), record);
    if (place.entity === undefined) {
      place.entity = { representation: record, objects: [object] };
      entities.push(place.entity);
    } else place.entity.objects.push(object);
  }
  return { entities, incomplete };
}

const makeRepresentation = recordMaker();

function isRepresentation(record: DataRecord): record is Representation {
  return typeof record.__typename === 'string';
}

type Picked = { readonly record: DataRecord } | { readonly missing: string };

function pick(
  schema: GraphQLSchema,
  source: DataRecord,
  selections: readonly RequiredSelection[],
  record: DataRecord,
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
    if (value === undefined || value === TOO_DEEP) return { missing: selection.key };
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
  const picked = pick(schema, value, selections, emptyRecord());
  return 'missing' in picked ? undefined : picked.record;
}
