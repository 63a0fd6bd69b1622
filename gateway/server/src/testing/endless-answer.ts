import type { ServerResponse } from 'node:http';

const CHUNK = Buffer.alloc(256 * 1024, ' ');

/** Begins an answer, and goes on for as long as somebody reads. */
export function answerEndlessly(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write(CHUNK));
  };
  response.on('drain', more);
  more();
}
