import type { ResponseError } from './hooks.ts';
import { isRecord, own } from './record.ts';

const REASONS: ReadonlySet<unknown> = new Set(['SCOPE', 'POLICY', 'PURPOSE', 'RELATIONSHIP']);

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
    const argument = own(extensions, 'argument');
    return {
      message: 'An argument was not accepted',
      extensions: {
        code,
        ...(typeof argument === 'string' && names.has(argument) && { argument }),
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
