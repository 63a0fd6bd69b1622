import type { ResponseError } from '../hooks.ts';
import { isRecord, own } from './record.ts';

const REASONS: ReadonlySet<unknown> = new Set(['SCOPE', 'POLICY', 'PURPOSE', 'RELATIONSHIP']);
/** What may be wrong with an argument, and how that is said: an agency chooses one, and says nothing of its own. */
const PROBLEMS: ReadonlyMap<unknown, string> = new Map([
  ['UNKNOWN', 'there is nothing of that name'],
  ['LENGTH', 'it is too short or too long'],
  ['FORM', 'it is not written as it has to be'],
  ['CHARACTERS', 'it holds characters that cannot be seen or that turn the order of others'],
  ['RANGE', 'it is beyond what may be asked for'],
  ['ORDER', 'it ends before it begins'],
  ['FUTURE', 'it lies in the future'],
  ['OUTDATED', 'it is too long ago'],
  ['FULL', 'no place is left there'],
  ['DUPLICATE', 'it is there already'],
  ['STATE', 'it is in no state for this'],
  ['UNFIT', 'it does not go with the rest'],
]);

/** A subgraph that is down, too slow, or answers something that is no answer. */
export function unavailable(subgraph: string): ResponseError {
  return {
    message: 'The agency that holds this did not answer',
    extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph },
  };
}

/** A subgraph's error that says nothing a caller could act on, or a value that the schema forbids. */
export function failed(subgraph: string | undefined): ResponseError {
  return {
    message: 'The agency that holds this could not give it',
    extensions: { code: 'SUBGRAPH_ERROR', ...(subgraph !== undefined && { subgraph }) },
  };
}

/**
 * What the wire may know of a subgraph's error: of two codes the code, and what is chosen from a closed set: a reason, or the
 * name of an argument. Never its message, which may quote a record.
 *
 * @param error An element of the answer's `errors`, as received.
 * @param names See `argumentNames`.
 */
export function translateError(error: unknown, subgraph: string, names: ReadonlySet<string>): ResponseError {
  const extensions = isRecord(error) ? own(error, 'extensions') : undefined;
  if (!isRecord(extensions)) return failed(subgraph);

  const code = own(extensions, 'code');
  if (code === 'BAD_USER_INPUT') {
    const [argument, problem] = [own(extensions, 'argument'), own(extensions, 'problem')];
    const what = PROBLEMS.get(problem);
    return {
      message: `An argument was not accepted${what === undefined ? '' : `: ${what}`}`,
      extensions: {
        code,
        ...(typeof argument === 'string' && names.has(argument) && { argument }),
        ...(what !== undefined && { problem }),
      },
    };
  }
  if (code === 'UNAUTHORIZED_FIELD_OR_TYPE') {
    const reason = own(extensions, 'reason');
    return {
      message: 'Unauthorized field or type',
      extensions: { code, ...(REASONS.has(reason) && { reason }) },
    };
  }
  return failed(subgraph);
}
