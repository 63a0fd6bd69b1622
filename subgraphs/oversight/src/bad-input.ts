import { isPlainText } from '@contactpoint/access/plain-text';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';

/** @returns RFC 3339 in UTC, milliseconds; undefined where nothing was given. */
export function readInstant(value: unknown, argument: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
  const instant = typeof value === 'string' && form.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(instant))
    throw badArgument(argument, 'FORM', `${argument} must be a date and time with its offset (RFC 3339)`);
  return new Date(instant).toISOString();
}

/** @returns The day, `YYYY-MM-DD`; undefined where nothing was given. */
export function readDay(value: unknown, argument: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  const day = typeof value === 'string' && /^\d{4}-\d\d-\d\d$/.test(value) ? value : '';
  const instant = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(instant) || new Date(instant).toISOString().slice(0, 10) !== day)
    throw badArgument(argument, 'FORM', `${argument} must be a day, YYYY-MM-DD`);
  return day;
}

/** Index of a leaf as the contract writes it: digits, since GraphQL's Int ends at 2^31. */
export function readIndex(value: string): bigint {
  if (!/^(0|[1-9]\d{0,17})$/.test(value))
    throw badArgument('index', 'FORM', 'index must be the digits of a number');
  return BigInt(value);
}

/** @returns The text without the blanks around it. Whoever reads it sees what it says. */
export function readText(
  value: string,
  argument: string,
  { shortest, longest }: { readonly shortest: number; readonly longest: number },
): string {
  const text = value.trim();
  if (text.length < shortest || text.length > longest)
    throw badArgument(argument, 'LENGTH', `${argument} must have from ${shortest} to ${longest} characters`);
  if (!isPlainText(text))
    throw badArgument(argument, 'CHARACTERS', `${argument} has characters that deceive whoever reads it`);
  return text;
}
