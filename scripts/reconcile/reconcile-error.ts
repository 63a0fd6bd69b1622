/** Journals and log could not be compared. The message is for whoever runs the command. */
export class ReconcileError extends Error {
  override readonly name = 'ReconcileError';
}

/** What a database or a file said, without the address that a driver's error may carry as a property. */
export function unreadable(what: string, cause: unknown): ReconcileError {
  const why = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  return new ReconcileError(`${what} cannot be read: ${why}`, { cause });
}
