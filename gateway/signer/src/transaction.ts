import type { Sql, Transaction } from './signer-session.ts';

/**
 * Runs work in a transaction, committed when it resolves and rolled back when it rejects. As `subgraph-kit/transaction`, which
 * this package may not import: not the driver's `begin` itself, because a statement that it writes on a connection which the
 * server has closed, its own `rollback` included, ends the whole process with an exception that nobody can catch
 * (https://github.com/porsager/postgres/issues/1208).
 *
 * @throws The work's error; the driver's, `CONNECTION_CLOSED`, when the connection was lost. Nothing is kept then.
 */
export async function inTransaction(
  sql: Sql,
  work: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  let isLost = false;
  const begun = sql.begin(async (transaction) => {
    const guarded = new Proxy(transaction, {
      apply: (statement, self, words) => (isLost ? NEVER : Reflect.apply(statement, self, words)),
    });
    try {
      await work(guarded);
    } catch (cause) {
      // Rejecting would make the driver send its rollback; `begun` rejects by itself when the connection is gone.
      if (isConnectionLost(cause)) return await NEVER;
      throw cause;
    }
  });
  try {
    await begun;
  } finally {
    isLost = true;
  }
}

const NEVER = new Promise<never>(() => undefined);

/** Codes of the driver, of sockets, and PostgreSQL's class 57P: the server ends the connection after these. */
function isConnectionLost(cause: unknown): boolean {
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' && /^(CONNECTION_|ECONN|EPIPE|57P)/.test(code);
}
