/** An object of fetched data. Made without `Object.prototype`, so that no key can mean more than itself. */
export type DataRecord = Record<string, unknown>;

/**
 * Makes a maker of records that are alike. Objects of one constructor share a layout that V8 learns from the first of them;
 * those of `Object.create(null)` are hash tables, each with its own, which are slower to fill, to read, to write out and to
 * collect (docs/adr/0061).
 */
export function recordMaker(): () => DataRecord {
  const AlikeRecord = function AlikeRecord() {} as unknown as new () => DataRecord;
  AlikeRecord.prototype = NO_PROPERTIES;
  return () => new AlikeRecord();
}

const NO_PROPERTIES: object = Object.freeze(Object.create(null));

/** For records that have nothing in common. */
export const emptyRecord = recordMaker();

export function isRecord(value: unknown): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own property only: an answer's object may have inherited `constructor` and the like. */
export function own(record: DataRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
