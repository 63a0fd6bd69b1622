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
    ['a body that never ends', trickle(leak)],
    ['a body cut off', cutOff(leak)],
    ['a connection that breaks', (_asked, _response, request) => void request.socket.destroy()],
    ['text that says it is compressed', compressed(leak)],
  ];
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
