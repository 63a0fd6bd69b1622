import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { buildSchema } from 'graphql';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEventStreams } from './subgraphs/event-stream.ts';
import { openConnection } from './subgraphs/subgraph-connection.ts';

/** Takes connections and never says who it is. */
const server = createServer();
let origin: string;
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  origin = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());

/** What a client says of itself before anything is secret (RFC 8446 §4.1.2), protocols for the connection among it. */
async function helloOf(connect: () => void): Promise<string> {
  const connected = once(server, 'connection') as Promise<[Socket]>;
  connect();
  const [socket] = await connected;
  const [hello] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();
  return hello.toString('latin1');
}

/** A list of protocols, each with its length before it (RFC 7301 §3.1). */
const HTTP_1_1 = '\x08http/1.1';
const HTTP_2 = '\x02h2';

test('a subgraph is asked by HTTP/1.1 and offered nothing else', async () => {
  const reader = { start: () => true, take: () => true, end: () => undefined, fail: () => undefined };
  const connection = openConnection(origin);
  const hello = await helloOf(() => void connection.post('/graphql', '{}', reader));
  expect([hello.includes(HTTP_1_1), hello.includes(HTTP_2)]).toEqual([true, false]);
  await connection.close();
});

test('so is one that is subscribed to', async () => {
  const streams = createEventStreams({
    endpoints: { school: `${origin}/graphql` },
    schema: buildSchema('type Query { one: Int }'),
    timeoutOf: () => 5_000,
    maxAnswerBytes: 1_000,
  });
  const request = { query: 'subscription{one}', variables: {}, extensions: {} };
  let opening: Promise<unknown> = Promise.resolve();
  const hello = await helloOf(() => {
    opening = streams.open('school', request, new AbortController().signal);
    opening.catch(() => undefined);
  });
  expect([hello.includes(HTTP_1_1), hello.includes(HTTP_2)]).toEqual([true, false]);
  await expect(opening).rejects.toMatchObject({ name: 'StreamError' });
  await streams.close();
});
