import { AccessError } from '@contactpoint/access/access-error';

/**
 * What the gateway's own log may know of an error. A message is kept only of errors that carry no record data by their
 * contract; one from below can quote what an agency answered, so of it there is the class, the code and where it was
 * thrown.
 */
export function loggedCause(cause: unknown): unknown {
  if (!(cause instanceof Error)) return typeof cause;
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
  return {
    type: cause.name,
    code,
    ...(cause instanceof AccessError
      ? { message: cause.message }
      : { at: cause.stack?.split('\n').filter((line) => /^ {4}at /.test(line)) }),
    cause: cause.cause === undefined ? undefined : loggedCause(cause.cause),
  };
}
