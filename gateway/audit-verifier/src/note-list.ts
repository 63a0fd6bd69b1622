/**
 * Many signed notes in one text: between two of them stands an empty line. A checkpoint has no empty line of its own but
 * the one before its signatures, so that every second one ends a note.
 *
 * @see https://c2sp.org/signed-note
 */
export const NOTE_SEPARATOR = '\n';

/**
 * Takes the notes apart while the text comes in, without looking into them.
 *
 * @param text In pieces of any length.
 */
export async function* splitNotes(text: AsyncIterable<string>): AsyncGenerator<string> {
  let pending = '';
  for await (const piece of text) {
    pending += piece;
    for (let end = endOfNote(pending); end !== -1; end = endOfNote(pending)) {
      yield pending.slice(0, end);
      pending = pending.slice(end + NOTE_SEPARATOR.length);
    }
  }
  if (pending !== '') yield pending;
}

/** Position after the note's last line feed; -1 while more has to come to tell. */
function endOfNote(text: string): number {
  const signatures = text.indexOf('\n\n');
  if (signatures === -1) return -1;
  const separator = text.indexOf('\n\n', signatures + 2);
  return separator === -1 ? -1 : separator + 1;
}
