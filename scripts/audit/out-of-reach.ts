import { AuditCommandError } from './audit-command-error.ts';

/**
 * Runs the work of a command, and says of a database that failed under it that it is out of reach, by its code alone: its own
 * words may quote the URL, which holds a password.
 *
 * @param outcome What is so after a failure: `Nothing was counted`.
 * @throws AuditCommandError for a failure of the command or a database; anything else as it is.
 */
export async function orOutOfReach<T>(outcome: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code } = cause as { readonly code?: unknown };
    if (cause instanceof AuditCommandError)
      throw new AuditCommandError(`${outcome}. ${cause.message}`, { cause });
    if (typeof code !== 'string') throw cause;
    throw new AuditCommandError(`${outcome}. A database is out of reach (${code})`, { cause });
  }
}
