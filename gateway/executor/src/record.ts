/** An object of fetched data. Made without `Object.prototype`, so that no key can mean more than itself. */
export type DataRecord = Record<string, unknown>;

/**
 * Objects of a constructor have a layout that V8 shares among them; those of `Object.create(null)` are hash tables, each with
 * its own, which are slower to fill, to read, to write out and to collect (docs/adr/0061).
 */
const EmptyRecord = function EmptyRecord() {} as unknown as new () => DataRecord;
EmptyRecord.prototype = Object.freeze(Object.create(null));

export function emptyRecord(): DataRecord {
  return new EmptyRecord();
}

export function isRecord(value: unknown): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own property only: an answer's object may have inherited `constructor` and the like. */
export function own(record: DataRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
