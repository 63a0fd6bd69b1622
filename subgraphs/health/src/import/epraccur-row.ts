import type { PracticeRecord } from '../record.ts';

/**
 * Columns of `epraccur`, in order; the file has no header.
 * @see https://digital.nhs.uk/services/organisation-data-service/data-search-and-export/csv-downloads/gp-and-gp-practice-related-data
 */
export const EPRACCUR_COLUMNS = [
  'Organisation Code',
  'Name',
  'National Grouping',
  'High Level Health Geography',
  'Address Line 1',
  'Address Line 2',
  'Address Line 3',
  'Address Line 4',
  'Address Line 5',
  'Postcode',
  'Open Date',
  'Close Date',
  'Status Code',
  'Organisation Sub-Type Code',
  'Commissioner',
  'Join Provider/Purchaser Date',
  'Left Provider/Purchaser Date',
  'Contact Telephone Number',
  'Null 1',
  'Null 2',
  'Null 3',
  'Amended Record Indicator',
  'Null 4',
  'Provider/Purchaser',
  'Null 5',
  'Prescribing Setting',
  'Null 6',
] as const;

export type EpraccurColumn = (typeof EPRACCUR_COLUMNS)[number];

/** A remark on one field of a row, without the value. */
export interface RowRemark {
  readonly reason: string;
  readonly field: EpraccurColumn;
}

export type ReadRow =
  | { readonly taken: true; readonly practice: PracticeRecord; readonly dropped: readonly RowRemark[] }
  | { readonly taken: false; readonly remark: RowRemark };

/**
 * Takes what the contract shows of a practice. A row is not taken when its practice cannot be told, has no name, or was
 * closed before it opened; a postcode that is none is left out. Closed practices are taken: histories name them.
 *
 * @param fields As many as there are columns.
 */
export function readEpraccurRow(fields: readonly string[]): ReadRow {
  const of = (column: EpraccurColumn) => fields[EPRACCUR_COLUMNS.indexOf(column)]?.trim() ?? '';
  const refuse = (reason: string, field: EpraccurColumn): ReadRow => ({
    taken: false,
    remark: { reason, field },
  });

  const odsCode = of('Organisation Code');
  if (!ODS_CODE.test(odsCode)) return refuse('INVALID_ODS_CODE', 'Organisation Code');
  const name = of('Name');
  if (name === '') return refuse('MISSING_NAME', 'Name');
  for (const column of ['Name', ...TOWN_COLUMNS] as const)
    if (CONTROL.test(of(column))) return refuse('CONTROL_CHARACTER', column);
  for (const column of ['Open Date', 'Close Date'] as const)
    if (of(column) !== '' && !isDay(of(column))) return refuse('INVALID_DATE', column);
  if (of('Close Date') !== '' && of('Close Date') < of('Open Date'))
    return refuse('CLOSED_BEFORE_OPENED', 'Close Date');

  const postcode = of('Postcode').toUpperCase();
  const isPostcode = POSTCODE.test(postcode);
  const dropped: RowRemark[] =
    postcode === '' || isPostcode ? [] : [{ reason: 'INVALID_POSTCODE', field: 'Postcode' }];
  return {
    taken: true,
    practice: { odsCode, name, town: townOf(of), postcode: isPostcode ? postcode : null },
    dropped,
  };
}

/** A letter and five digits; on the Channel Islands and in the Isle of Man three letters and three digits. */
const ODS_CODE = /^(?:[A-Z]\d{5}|[A-Z]{3}\d{3})$/;

/** Also of the islands (`GY9 3YJ`), and the code of addresses that have none (`ZZ99 3CZ`). */
const POSTCODE = /^[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}$/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u001f\u007f\ufffd]/;

const TOWN_COLUMNS = ['Address Line 2', 'Address Line 3', 'Address Line 4'] as const;

/**
 * The lines are meant to end with town and county, but are filled from the top: with a fifth line the fourth is the
 * town, else the third, the fourth where that is empty (`LONDON`), and the second where both are.
 */
function townOf(of: (column: EpraccurColumn) => string): string | null {
  const lines: readonly EpraccurColumn[] =
    of('Address Line 5') === ''
      ? ['Address Line 3', 'Address Line 4', 'Address Line 2']
      : ['Address Line 4', 'Address Line 3'];
  const line = lines.find((column) => of(column) !== '');
  return line === undefined ? null : of(line);
}

/** `YYYYMMDD`, a day that exists. */
function isDay(value: string): boolean {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(value) ?? [];
  const iso = `${year}-${month}-${day}`;
  return year !== undefined && new Date(`${iso}T00:00:00Z`).toJSON()?.slice(0, 10) === iso;
}
