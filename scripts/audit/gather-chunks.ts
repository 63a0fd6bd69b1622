import type { Readable } from 'node:stream';

/** Bytes that may wait to be taken. */
const MOST_WAITING = 1 << 20;

/**
 * What a stream brings, in pieces as large as what came meanwhile. PostgreSQL sends each row of a COPY by itself, and a
 * stream read in the usual way stops and starts its socket every 64 kB.
 *
 * @throws What the stream ends with.
 */
export async function* gatherChunks(stream: Readable): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let isOver = false;
  let failure: Error | undefined;
  let wake: () => void = () => undefined;
  stream.on('data', (chunk: Buffer) => {
    waiting.push(chunk);
    bytes += chunk.length;
    if (bytes >= MOST_WAITING) stream.pause();
    wake();
  });
  stream.once('end', () => {
    isOver = true;
    wake();
  });
  stream.once('error', (error) => {
    failure = error;
    wake();
  });

  while (true) {
    if (failure !== undefined) throw failure;
    if (bytes > 0) {
      const piece = Buffer.concat(waiting, bytes);
      waiting = [];
      bytes = 0;
      stream.resume();
      yield piece;
    } else if (isOver) {
      return;
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}
