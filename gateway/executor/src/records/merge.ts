import { type DataRecord, isRecord } from './record.ts';

/**
 * Merges what one fetch brought into what others brought before. Objects are merged key by key, lists of equal length
 * item by item; a null never replaces a value.
 */
export function mergeInto(target: DataRecord, source: DataRecord): void {
  for (const key of Object.keys(source)) target[key] = merged(target[key], source[key]);
}

function merged(present: unknown, added: unknown): unknown {
  if (present === undefined || present === null || present === added) return added;
  if (added === undefined || added === null) return present;
  if (isRecord(present) && isRecord(added)) {
    mergeInto(present, added);
    return present;
  }
  if (Array.isArray(present) && Array.isArray(added) && present.length === added.length) {
    for (const [index, item] of added.entries()) present[index] = merged(present[index], item);
    return present;
  }
  return added;
}
