import type { SchoolRecord } from '../record.ts';

/**
 * Columns that are read, by the names in the header; others may stand beside them, in any order.
 * @see https://get-information-schools.service.gov.uk/Downloads
 */
export const GIAS_COLUMNS = ['urn', 'name', 'open_date', 'town', 'postcode'] as const;

export type GiasColumn = (typeof GIAS_COLUMNS)[number];

/** One row by column, as it stands. */
export type GiasCells = Readonly<Record<GiasColumn, string>>;

/** A remark on one field of a row, without the value. */
export interface RowRemark {
  readonly reason: 'INVALID_URN' | 'MISSING_NAME' | 'INVALID_CHARACTER' | 'INVALID_DATE' | 'INVALID_POSTCODE';
  readonly field: GiasColumn;
}

export type ReadRow =
  | { readonly taken: true; readonly school: SchoolRecord; readonly dropped: readonly RowRemark[] }
  | { readonly taken: false; readonly remark: RowRemark };

/**
 * Takes a school that has a number and a name. A date or postcode that is none is left out and remarked upon: the
 * school is the same without.
 */
export function readGiasRow(cells: GiasCells): ReadRow {
  const urn = cells.urn.trim();
  const name = cells.name.trim();
  if (!URN.test(urn)) return { taken: false, remark: { reason: 'INVALID_URN', field: 'urn' } };
  if (name === '') return { taken: false, remark: { reason: 'MISSING_NAME', field: 'name' } };
  for (const field of ['name', 'town'] as const)
    if (NO_TEXT.test(cells[field].trim()))
      return { taken: false, remark: { reason: 'INVALID_CHARACTER', field } };

  const dropped: RowRemark[] = [];
  const openDate = cells.open_date.trim();
  const openedOn = readDay(openDate);
  if (openDate !== '' && openedOn === null) dropped.push({ reason: 'INVALID_DATE', field: 'open_date' });

  const postcode = cells.postcode.trim().toUpperCase();
  const isPostcode = POSTCODE.test(postcode);
  if (postcode !== '' && !isPostcode) dropped.push({ reason: 'INVALID_POSTCODE', field: 'postcode' });

  const town = cells.town.trim();
  return {
    taken: true,
    school: { urn, name, town: town === '' ? null : town, postcode: isPostcode ? postcode : null, openedOn },
    dropped,
  };
}

/** DfE unique reference number. */
const URN = /^\d{6}$/;

/** Also of service schools abroad (`BFPO 52`) and of the islands (`GY9 3YJ`). */
const POSTCODE = /^(?:[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|BFPO \d{1,4})$/;

/** Control characters, and what decoding puts in the place of bytes that are not UTF-8. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NO_TEXT = /[\u0000-\u001f\u007f\ufffd]/;

/** `DD-MM-YYYY` as `YYYY-MM-DD`; null where it is not such a day of the calendar. */
function readDay(value: string): string | null {
  const [, day, month, year] = /^(\d{2})-(\d{2})-(\d{4})$/.exec(value) ?? [];
  const iso = `${year}-${month}-${day}`;
  return year !== undefined && new Date(`${iso}T00:00:00Z`).toJSON()?.slice(0, 10) === iso ? iso : null;
}
