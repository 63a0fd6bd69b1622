import type { LogKeys } from '@contactpoint/audit-log/log-keys';
import type { HeadStatement } from './head-statement.ts';
import { splitNotes } from './note-list.ts';
import { readSignedCheckpoint } from './signed-checkpoint.ts';

/**
 * Reads checkpoints that somebody kept: signed notes with an empty line between two. Only signed ones count, or
 * anybody could accuse a log of a fork.
 *
 * @param name Of the file, for what is said of them.
 * @throws LogFault where one of them is not signed by its log.
 */
export async function readKnownCheckpoints(
  text: string,
  name: string,
  keys: LogKeys,
): Promise<readonly HeadStatement[]> {
  const statements: HeadStatement[] = [];
  async function* whole() {
    yield text;
  }
  for await (const note of splitNotes(whole())) {
    const { origin, size, root } = readSignedCheckpoint(note, keys, { origin: name });
    statements.push({ origin, size, root, by: `a checkpoint in ${name}` });
  }
  return statements;
}
