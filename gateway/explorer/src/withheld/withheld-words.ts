import type { FieldAccess } from '../fields/field-access.ts';
import type { Withheld } from './find-withheld.ts';

/** Why, and what would help, for whoever reads the answer. */
export interface WithheldWords {
  /** Beside the null itself. */
  readonly short: string;
  readonly why: string;
  readonly help: string;
}

/**
 * @param access Of the field that stands there; undefined where introspection does not show it to the reader.
 * @param meanings Of purposes, by code.
 */
export function withheldWords(
  { reason, subgraph }: Withheld,
  access: FieldAccess | undefined,
  meanings: Readonly<Record<string, string>>,
): WithheldWords {
  switch (reason) {
    case 'SCOPE':
      return {
        short: 'withheld: permission',
        why: 'Your account lacks the permission for it.',
        help: 'If your work needs it, your organisation asks accreditation.',
      };
    case 'POLICY':
      return {
        short: 'withheld: role',
        why: 'No policy gives it to your role.',
        help: 'No purpose and no relationship of yours would. Ask a colleague whose work it is.',
      };
    case 'PURPOSE':
      return {
        short: 'withheld: purpose',
        why: 'Not for the purpose that you stated.',
        help: otherPurposes(access, meanings),
      };
    case 'RELATIONSHIP':
      return {
        short: 'withheld: no relationship',
        why: 'No relationship between you and the child is on record.',
        help: relationship(access),
      };
    case 'SUBGRAPH_UNAVAILABLE':
      return {
        short: 'missing: no answer',
        why: `${subgraph ?? 'The agency'} did not answer in time. This is not withheld, and it is not nothing.`,
        help: 'Try again in a while.',
      };
    default:
      return { short: `missing: ${reason}`, why: `It could not be given (${reason}).`, help: 'Try again.' };
  }
}

function otherPurposes(access: FieldAccess | undefined, meanings: Readonly<Record<string, string>>): string {
  const purposes = [...new Set(access?.readings.flatMap(({ purposes }) => purposes))];
  if (purposes.length === 0) return 'Another purpose would be needed, if it is what you are doing.';
  const named = purposes.map((code) => (meanings[code] === undefined ? code : `${code}, ${meanings[code]}`));
  return `It is open to your role for: ${named.join('; ')}. State it only if it is what you are doing.`;
}

function relationship(access: FieldAccess | undefined): string {
  const needs = new Set(access?.readings.flatMap(({ needs }) => needs));
  const record = 'If you work with the child, record your involvement; your privacy officer is told.';
  if (!needs.has('OWN_RECORD')) return record;
  return `${record} It also has to be your own organisation that holds the record.`;
}
