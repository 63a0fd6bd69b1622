import { openReader } from '../postgres/open-reader.ts';
import { unreadable } from './reconcile-error.ts';

/** Whether the directory has ever given out a ContactPoint number; one that nobody has is a decoy. */
export type KnowsNumbers = (numbers: readonly string[]) => Promise<ReadonlySet<string>>;

/** @throws ReconcileError when the directory's database does not answer. */
export function openDirectoryNumbers(url: string): {
  readonly known: KnowsNumbers;
  close(): Promise<void>;
} {
  const sql = openReader(url, { arrays: true });
  return {
    async known(numbers) {
      const rows = await sql<{ id: string }[]>`
        select id from child where id = any(${[...numbers]}::text[])`.catch((cause: unknown) => {
        throw unreadable("The directory's database", cause);
      });
      return new Set(rows.map(({ id }) => id));
    },
    close: () => sql.end({ timeout: 1 }),
  };
}
