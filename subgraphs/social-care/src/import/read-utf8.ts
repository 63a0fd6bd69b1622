import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';

/**
 * Reads a file as UTF-8, piece by piece, without a byte order mark.
 *
 * @param onRead Called with the bytes of each piece once it is decoded.
 * @throws MalformedFileError with the line of the first byte that is not UTF-8; the file system's error otherwise.
 */
export async function* readUtf8(file: string, onRead: (bytes: number) => void): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for await (const bytes of createReadStream(file) as AsyncIterable<Uint8Array>) {
    let text: string;
    try {
      text = decoder.decode(bytes, { stream: true });
    } catch (cause) {
      throw new MalformedFileError(
        { file: basename(file), line: line + linesBeforeFault(bytes) },
        'not UTF-8',
        { cause },
      );
    }
    line += count(text, '\n');
    onRead(bytes.length);
    if (text !== '') yield text;
  }
  try {
    decoder.decode();
  } catch (cause) {
    throw new MalformedFileError({ file: basename(file), line }, 'ends within a UTF-8 character', { cause });
  }
}

/** Line ends before the first byte that cannot be decoded: what decodes without complaint, replaced or not, is before. */
function linesBeforeFault(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const fault = lenient.indexOf('\uFFFD');
  return count(fault < 0 ? lenient : lenient.slice(0, fault), '\n');
}

function count(text: string, character: string): number {
  let found = 0;
  for (let at = text.indexOf(character); at >= 0; at = text.indexOf(character, at + 1)) found += 1;
  return found;
}
