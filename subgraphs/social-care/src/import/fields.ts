import type { FilePlace } from '@contactpoint/subgraph-kit/import-report';
import { type CodeSet, isCode } from '../code-sets.ts';
import { RowRefused } from './refusal.ts';

/**
 * Reads the fields of one row as the format names them, an empty one as absent.
 *
 * @throws RowRefused from every method, naming the field.
 */
export class Fields {
  readonly place: FilePlace;
  readonly #read: (field: string) => string | undefined;
  readonly #calendarDate: (value: string) => string | undefined;

  constructor(
    place: FilePlace,
    read: (field: string) => string | undefined,
    toCalendarDate: (value: string) => string | undefined,
  ) {
    this.place = place;
    this.#read = read;
    this.#calendarDate = toCalendarDate;
  }

  optional(field: string): string | null {
    const value = this.#read(field)?.trim();
    return value === undefined || value === '' ? null : value;
  }

  required(field: string): string {
    return this.#present(field, this.optional(field));
  }

  /** ISO 8601, however the format writes it. */
  optionalDate(field: string): string | null {
    const value = this.optional(field);
    if (value === null) return null;
    const date = this.#calendarDate(value);
    if (date === undefined) throw new RowRefused('INVALID_DATE', field);
    return date;
  }

  date(field: string): string {
    return this.#present(field, this.optionalDate(field));
  }

  optionalCode(field: string, set: CodeSet): string | null {
    const value = this.optional(field);
    if (value !== null && !isCode(set, value)) throw new RowRefused('UNKNOWN_CODE', field);
    return value;
  }

  code(field: string, set: CodeSet): string {
    return this.#present(field, this.optionalCode(field, set));
  }

  #present(field: string, value: string | null): string {
    if (value === null) throw new RowRefused('MISSING_VALUE', field);
    return value;
  }
}

/** @throws RowRefused END_BEFORE_START at `field` when both are known and the end is the earlier. */
export function refuseEndBeforeStart(start: string, end: string | null, field: string): void {
  if (end !== null && end < start) throw new RowRefused('END_BEFORE_START', field);
}

/** @throws RowRefused BEFORE_BIRTH at `field` when the day is before `earliest`. */
export function refuseBeforeBirth(day: string | null, earliest: string | null, field: string): void {
  if (day !== null && earliest !== null && day < earliest) throw new RowRefused('BEFORE_BIRTH', field);
}
