import type postgres from 'postgres';
import type { CosignatureStore } from './witness-client.ts';

/** Cosignatures of one log in the audit database. */
export function createCosignatureStore(sql: postgres.Sql, origin: string): CosignatureStore {
  return {
    async newest(witness) {
      const [row] = await sql<{ size: string | null }[]>`
        select max(size) as size from cosignature where origin = ${origin} and witness = ${witness}`;
      return BigInt(row?.size ?? 0);
    },
    async keep(witness, size, line) {
      await sql`
        insert into cosignature (origin, size, witness, line)
        values (${origin}, ${size.toString()}, ${witness}, ${line})
        on conflict do nothing`;
    },
  };
}
