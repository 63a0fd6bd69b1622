import postgres from 'postgres';

/**
 * Negative control: lets the server acknowledge a commit before it is on disk, as `synchronous_commit = off` does, while
 * everything that the log looks at still says `on`: a deferred trigger runs behind the statement in which it looks. It takes the
 * owner of the tables; the product has no such switch.
 */
export async function commitWithoutFlush(ownerUrl: string): Promise<void> {
  const sql = postgres(ownerUrl, { max: 1, onnotice: () => undefined });
  try {
    await sql`
      create function without_flush() returns trigger language plpgsql as $$
      begin
        perform set_config('synchronous_commit', 'off', true);
        return null;
      end $$`;
    await sql`
      create constraint trigger without_flush after insert on leaf
      deferrable initially deferred for each row execute function without_flush()`;
  } finally {
    await sql.end();
  }
}
