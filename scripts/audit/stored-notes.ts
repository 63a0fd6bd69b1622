import { LogFault } from '@contactpoint/audit-verifier/fault';
import type postgres from 'postgres';

/** Checkpoints fetched at a time. */
const NOTES_AHEAD = 2_000;

interface NoteRow {
  readonly size: string;
  readonly root: string;
  readonly note: string;
  /** Signature lines of witnesses, one after the other. */
  readonly cosignatures: string;
}

/**
 * Checkpoints of one log as signed notes, smallest first, each with its cosignatures.
 *
 * @param from Smallest size.
 * @throws LogFault UNREADABLE where a row says something else than its note.
 */
export async function* readNotes(sql: postgres.Sql, origin: string, from = 0n): AsyncGenerator<string> {
  for (let next = from; ; ) {
    const rows = await sql<NoteRow[]>`
      select size, translate(encode(root_hash, 'base64'), E'\n', '') as root, signed_note as note, (
        select coalesce(string_agg(line, '' order by witness), '') from cosignature
        where cosignature.origin = checkpoint.origin and cosignature.size = checkpoint.size
      ) as cosignatures
      from checkpoint where origin = ${origin} and size >= ${String(next)}::bigint
      order by size limit ${NOTES_AHEAD}`;
    for (const row of rows) yield noteOf(row, origin);
    const last = rows.at(-1);
    if (last === undefined || rows.length < NOTES_AHEAD) return;
    next = BigInt(last.size) + 1n;
  }
}

function noteOf({ size, root, note, cosignatures }: NoteRow, origin: string): string {
  if (!note.startsWith(`${origin}\n${size}\n${root}\n`)) {
    throw new LogFault({
      code: 'UNREADABLE',
      origin,
      message: `the row of the checkpoint at ${size} says something else than its note`,
    });
  }
  return note + cosignatures;
}
