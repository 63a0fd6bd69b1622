/** An object of fetched data. Made without prototype, so that no key can mean more than itself. */
export type DataRecord = Record<string, unknown>;

export function emptyRecord(): DataRecord {
  return Object.create(null) as DataRecord;
}

export function isRecord(value: unknown): value is DataRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own property only: an answer's object may have inherited `constructor` and the like. */
export function own(record: DataRecord, key: string): unknown {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
