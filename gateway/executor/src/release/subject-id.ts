import { type DataRecord, own } from '../records/record.ts';
import { SUBJECT_KEY } from '../selections/response-key.ts';

/** Who a fetched subject is; undefined when the data do not say, and then nothing of it may be shown. */
export function subjectId(record: DataRecord): string | undefined {
  const id = own(record, SUBJECT_KEY);
  // Beyond that several numbers are read as one.
  if (typeof id === 'number' && Number.isSafeInteger(id)) return String(id);
  return typeof id === 'string' && id !== '' ? id : undefined;
}
