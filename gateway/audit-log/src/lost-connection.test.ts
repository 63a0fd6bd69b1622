import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openCheckpointReader } from './checkpoint-reader.ts';
import { openPostgresLog } from './postgres-log.ts';

/** AuthenticationOk and ReadyForQuery. https://www.postgresql.org/docs/current/protocol-message-formats.html */
const WELCOME = Buffer.from('520000000800000000' + '5a0000000549', 'hex');

let server: Server;
let url: string;

/** A server that takes the connection and is gone at the first question. */
beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      socket.write(WELCOME);
      socket.once('data', () => socket.destroy());
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  url = `postgres://writer:secret@127.0.0.1:${address.port}/audit`;
});

afterEach(() => new Promise((closed) => server.close(closed)));

// What nobody waits for would end the process, and here the run of tests.
test('a server that is gone at the first question is told by whoever asked, and ends nothing else', async () => {
  const lost = { code: 'CONNECTION_CLOSED' };
  await expect(openPostgresLog({ url, origin: 'lost' })).rejects.toMatchObject(lost);
  const checkpoints = openCheckpointReader(url);
  await expect(checkpoints.state('lost')).rejects.toMatchObject(lost);
  await checkpoints.close();
});
