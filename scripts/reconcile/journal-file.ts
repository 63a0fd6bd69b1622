import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import * as v from 'valibot';
import { openWholeFile } from '../audit/whole-file.ts';
import { type Journal, type JournalEntry, JournalEntryShape } from './journal-entry.ts';
import { ReconcileError, unreadable } from './reconcile-error.ts';

/** First line of a journal file. */
const Head = v.object({
  format: v.literal('contactpoint-access-journal'),
  version: v.literal(1),
  subgraph: v.pipe(v.string(), v.minLength(1)),
});

/** Last line: a file that was cut off must not pass for a journal without entries. */
const End = v.object({ entries: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) });

/**
 * A journal that an agency exported: one JSON object a line, documented in docs/agencies/journal-file.md.
 *
 * @throws ReconcileError naming file and line where it is no such file, not in order, cut off, or another subgraph's.
 */
export function journalInFile(subgraph: string, file: string, since: Date | undefined): Journal {
  return { subgraph, entries: readLines(subgraph, file, since) };
}

async function* readLines(
  subgraph: string,
  file: string,
  since: Date | undefined,
): AsyncGenerator<JournalEntry> {
  const input = createReadStream(file, 'utf8');
  try {
    let line = 0;
    let last = '';
    let end: number | undefined;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      line++;
      const value = parse(text, file, line);
      if (line === 1) requireHead(value, subgraph, file);
      else if (end !== undefined) throw new ReconcileError(`${file}:${line} comes after the last line`);
      else if (v.is(End, value)) end = value.entries;
      else {
        const entry = entryOf(value, file, line);
        if (Buffer.compare(Buffer.from(entry.jti), Buffer.from(last)) < 0)
          throw new ReconcileError(`${file}:${line} is not in the order of the jtis' bytes`);
        last = entry.jti;
        if (since === undefined || Date.parse(entry.at) >= since.getTime()) yield entry;
      }
    }
    if (end !== line - 2) throw new ReconcileError(`${file} is not whole: its last line does not count it`);
  } catch (cause) {
    throw cause instanceof ReconcileError ? cause : unreadable(file, cause);
  } finally {
    input.destroy();
  }
}

/**
 * Writes a journal as such a file, mode 0600: it says who was shown whose record. One that is there stays until the new one is
 * whole.
 *
 * @returns Entries written.
 * @throws AuditCommandError when it cannot be written.
 */
export async function writeJournalFile({ subgraph, entries }: Journal, file: string): Promise<number> {
  const output = await openWholeFile(file, { replaces: true });
  const write = (value: unknown) => output.write(`${JSON.stringify(value)}\n`);
  let count = 0;
  try {
    await write({ format: 'contactpoint-access-journal', version: 1, subgraph } satisfies v.InferInput<
      typeof Head
    >);
    for await (const entry of entries) {
      await write(entry);
      count++;
    }
    await write({ entries: count } satisfies v.InferInput<typeof End>);
    await output.keep();
    return count;
  } finally {
    await output.close();
  }
}

function parse(text: string, file: string, line: number): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Without the cause, which quotes the line.
    throw new ReconcileError(`${file}:${line} is not JSON`);
  }
}

function requireHead(value: unknown, subgraph: string, file: string): void {
  const head = v.safeParse(Head, value);
  if (!head.success) throw new ReconcileError(`${file}:1 is not the first line of a journal file`);
  if (head.output.subgraph !== subgraph)
    throw new ReconcileError(`${file} is the journal of ${head.output.subgraph}, not of ${subgraph}`);
}

function entryOf(value: unknown, file: string, line: number): JournalEntry {
  const entry = v.safeParse(JournalEntryShape, value);
  if (entry.success) return entry.output;
  const where = v.getDotPath(entry.issues[0]) ?? 'its shape';
  throw new ReconcileError(`${file}:${line} is no journal entry: ${where}`);
}
