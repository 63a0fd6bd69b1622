import { gzipSync } from 'node:zlib';
import { entities, json, never, plain, type Reply } from './hostile-subgraph.ts';

/**
 * What is no answer to a request for entities, each by its name. Wherever there is room for text, it holds `leak`, which
 * nobody may ever see.
 *
 * @param record Fields of a child as an honest agency would give them.
 * @param another ContactPoint number that was not asked for.
 */
export function noAnswers(
  leak: string,
  record: (id: string) => Readonly<Record<string, unknown>>,
  another: () => string,
): readonly (readonly [string, Reply])[] {
  const leaking = (id: string) => ({ ...record(id), allergies: [leak] });
  return [
    ['nothing at all', never],
    ['garbage', plain(`{"data": ${leak}`)],
    ['an empty body', plain('')],
    ['an error page', plain(`<h1>${leak}</h1>`, 500, 'text/html')],
    ['a page that says that all is well', plain(`<h1>${leak}</h1>`, 200, 'text/html')],
    [
      "data under an error's status",
      json((asked) => ({ data: { _entities: entities(asked, leaking) } }), 503),
    ],
    ['a list', json(() => [{ data: leak }])],
    ['neither data nor errors', json(() => ({ [leak]: true }))],
    ['data that are text', json(() => ({ data: leak }))],
    ['entities that are text', json(() => ({ data: { _entities: leak } }))],
    ['an entity that is text', json(() => ({ data: { _entities: [leak] } }))],
    ['no entity', json(() => ({ data: { _entities: [] } }))],
    [
      'one entity too many',
      json((asked) => ({ data: { _entities: [...entities(asked, leaking), ...entities(asked, leaking)] } })),
    ],
    [
      'another child than it was asked for',
      json((asked) => ({
        data: { _entities: entities(asked, (id) => ({ ...leaking(id), id: another() })) },
      })),
    ],
    ['a list without end', plain('['.repeat(200_000))],
    ['more than anybody could want', plain(`{"data": {"${leak}": "${'x'.repeat(9 * 1024 * 1024)}"}}`)],
    ['more values than anybody could read', plain(`{"data": {"_entities": [${'{},'.repeat(2_000_000)}{}]}}`)],
    ['a body that never ends', trickle(leak)],
    ['a body cut off', cutOff(leak)],
    ['a connection that breaks', (_asked, _response, request) => void request.socket.destroy()],
    ['text that says it is compressed', compressed(leak)],
    ['a little that would be a lot once it is unpacked', bomb()],
    ...noHttp(leak).map(([name, text]) => [name, raw(text)] as const),
    ['early hints, and never an answer', hints(leak)],
  ];
}

/** What is no answer to whoever reads HTTP, or not the one that it seems to be. */
function noHttp(leak: string): readonly (readonly [string, string])[] {
  const json = 'content-type: application/json\r\n';
  const data = `{"data":{"_entities":[{"allergies":["${leak}"]}]}}`;
  return [
    ['another protocol', `SSH-2.0-${leak}\r\n`],
    ['a status that is none', `HTTP/1.1 2${leak}\r\n\r\n`],
    ['a status with words of its own', `HTTP/1.1 500 ${leak}\r\ncontent-length: 0\r\n\r\n`],
    ['a change of protocol', `HTTP/1.1 101 ${leak}\r\nconnection: upgrade\r\nupgrade: ${leak}\r\n\r\n`],
    ['chunks that are none', `HTTP/1.1 200 OK\r\n${json}transfer-encoding: chunked\r\n\r\n${leak}\r\n`],
    [
      'a chunk that is shorter than it says',
      `HTTP/1.1 200 OK\r\n${json}transfer-encoding: chunked\r\n\r\nffff\r\n${data}\r\n0\r\n\r\n`,
    ],
    [
      'two lengths',
      `HTTP/1.1 200 OK\r\n${json}content-length: 5\r\ncontent-length: ${data.length}\r\n\r\n${data}`,
    ],
    ['a length that is none', `HTTP/1.1 200 OK\r\n${json}content-length: ${leak}\r\n\r\n${data}`],
    ['less length than there is', `HTTP/1.1 200 OK\r\n${json}content-length: 10\r\n\r\n${data}`],
    [
      'headers without end',
      `HTTP/1.1 200 OK\r\n${`x-${leak}: ${'x'.repeat(1_000)}\r\n`.repeat(200)}${json}\r\n${data}`,
    ],
  ];
}

/** Written past everything that makes HTTP of it; the connection stays open. */
function raw(text: string): Reply {
  return (_asked, _response, { socket }) => void socket.on('error', () => undefined).write(text);
}

function bomb(): Reply {
  const body = gzipSync(Buffer.alloc(64 * 1024 * 1024, '['));
  return (_asked, response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(body);
}

function hints(leak: string): Reply {
  return (_asked, response) => {
    const more = setInterval(() => response.writeEarlyHints({ link: `</${leak}>; rel=preload` }), 20);
    response.once('close', () => clearInterval(more));
  };
}

/** Always a little more, so that no pause is long. */
function trickle(leak: string): Reply {
  return (_asked, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(`{"data": {"${leak}": "`);
    const more = setInterval(() => response.write('x'), 50);
    response.once('close', () => clearInterval(more));
  };
}

function cutOff(leak: string): Reply {
  return (_asked, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write(`{"data": {"${leak}": "`, () => response.destroy());
  };
}

function compressed(leak: string): Reply {
  return (_asked, response) =>
    void response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(`{"data": {"_entities": [{"${leak}"`);
}
