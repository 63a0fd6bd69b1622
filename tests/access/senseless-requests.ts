/** What a caller may put on the wire; the rest of a sound request stands around it. */
export interface Sent {
  readonly body?: string | Buffer;
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  readonly search?: string;
}

export const ask = (query: string, more: object = {}): Sent => ({ body: JSON.stringify({ query, ...more }) });
export const askFor = (id: unknown): Sent =>
  ask('query ($id: ID!) { child(id: $id) { id } }', { variables: { id } });

export const times = (count: number, part: string | ((place: number) => string)) =>
  Array.from({ length: count }, (_, place) => (typeof part === 'string' ? part : part(place))).join(' ');
const nested = (levels: number, open: string, within: string, close: string) =>
  open.repeat(levels) + within + close.repeat(levels);

/** `[what, how it is sent, status, code]`: HTTP that carries no operation. */
export const NOT_HTTP: readonly (readonly [string, Sent, number, string])[] = [
  ['half a JSON', { body: '{"query": ' }, 400, 'BAD_REQUEST'],
  ['no body', { body: '' }, 400, 'BAD_REQUEST'],
  ['null', { body: 'null' }, 400, 'BAD_REQUEST'],
  ['a number', { body: '7' }, 400, 'BAD_REQUEST'],
  ['a string', { body: '"{ me { id } }"' }, 400, 'BAD_REQUEST'],
  ['an empty object', { body: '{}' }, 400, 'BAD_REQUEST'],
  ['a batch', { body: JSON.stringify([{ query: '{ me { id } }' }]) }, 400, 'BAD_REQUEST'],
  ['an empty batch', { body: '[]' }, 400, 'BAD_REQUEST'],
  ['plain text', { body: '{ me { id } }', headers: { 'content-type': 'text/plain' } }, 415, 'BAD_REQUEST'],
  [
    'bare GraphQL',
    { body: '{ me { id } }', headers: { 'content-type': 'application/graphql' } },
    415,
    'BAD_REQUEST',
  ],
  [
    'a form',
    { body: 'query=%7Bme%7D', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    415,
    'BAD_REQUEST',
  ],
  [
    'JSON of no type',
    { ...ask('{ me { id } }'), headers: { 'content-type': undefined } },
    415,
    'BAD_REQUEST',
  ],
  [
    'something compressed',
    { body: Buffer.from([31, 139, 8, 0]), headers: { 'content-encoding': 'gzip' } },
    400,
    'BAD_REQUEST',
  ],
  ['more than 1 MB', ask(`{ me { id } } #${'x'.repeat(1_100_000)}`), 413, 'BAD_REQUEST'],
  ['a GET', { method: 'GET', search: '?query=%7Bme%7Bid%7D%7D' }, 405, 'BAD_REQUEST'],
  ['a PUT', { ...ask('{ me { id } }'), method: 'PUT' }, 405, 'BAD_REQUEST'],
  ['a DELETE', { ...ask('{ me { id } }'), method: 'DELETE' }, 405, 'BAD_REQUEST'],
];

/** `[what, how it is sent, code]`: JSON that is no operation of ours, refused with 400. */
export const NOT_AN_OPERATION: readonly (readonly [string, Sent, string])[] = [
  ['no query', ask(''), 'BAD_REQUEST'],
  ['a query that is a number', { body: '{"query": 7}' }, 'BAD_REQUEST'],
  ['a comment', ask('# nothing'), 'GRAPHQL_PARSE_FAILED'],
  ['an open bracket', ask('{ me { id '), 'GRAPHQL_PARSE_FAILED'],
  ['an unknown field', ask('{ me { shoeSize } }'), 'GRAPHQL_VALIDATION_FAILED'],
  ['an unknown argument', ask('{ me(x: 1) { id } }'), 'GRAPHQL_VALIDATION_FAILED'],
  ['the agencies’ own fields', ask('{ _service { sdl } }'), 'GRAPHQL_VALIDATION_FAILED'],
  [
    'entities',
    ask('{ _entities(representations: [{ __typename: "Child", id: "x" }]) { __typename } }'),
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['a mutation as query', ask('{ shieldChild(id: "x", reason: "y") { id } }'), 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a mutation as subscription',
    ask('subscription { shieldChild(id: "x", reason: "y") { id } }'),
    'GRAPHQL_VALIDATION_FAILED',
  ],
  ['an alias that is a prototype', ask('{ __proto__: me { id } }'), 'GRAPHQL_VALIDATION_FAILED'],
  [
    'a fragment within itself',
    ask('{ me { ...a } } fragment a on Practitioner { ...a }'),
    'GRAPHQL_VALIDATION_FAILED',
  ],
  [
    'a name of no operation',
    ask('query A { me { id } }', { operationName: 'B' }),
    'OPERATION_RESOLUTION_FAILURE',
  ],
  [
    'two operations and no name',
    ask('query A { me { id } } query B { me { id } }'),
    'OPERATION_RESOLUTION_FAILURE',
  ],
  ['a name that is a number', ask('query A { me { id } }', { operationName: 7 }), 'BAD_REQUEST'],
  ['no variable', ask('query ($id: ID!) { child(id: $id) { id } }'), 'BAD_USER_INPUT'],
  ['an object for a number', askFor({ a: 1 }), 'BAD_USER_INPUT'],
  ['a list for a number', askFor(['a', 'b']), 'BAD_USER_INPUT'],
  ['null for a number', askFor(null), 'BAD_USER_INPUT'],
  ['NUL in a variable', askFor('a\0b'), 'BAD_USER_INPUT'],
  ['NUL in a literal', ask('{ child(id: "a\\u0000b") { id } }'), 'BAD_USER_INPUT'],
  [
    'half a surrogate pair',
    { body: '{"query":"query ($id: ID!) { child(id: $id) { id } }","variables":{"id":"\\ud800"}}' },
    'BAD_USER_INPUT',
  ],
  ['variables in a string', ask('{ me { id } }', { variables: '{}' }), 'BAD_REQUEST'],
  ['variables in a list', ask('{ me { id } }', { variables: [] }), 'BAD_REQUEST'],
  [
    'a prototype for variables',
    { body: '{"query":"{ me { id } }","variables":{"__proto__":{"id":"x"}}}' },
    'BAD_REQUEST',
  ],
  ['a prototype for a body', { body: '{"__proto__":{"query":"{ me { id } }"}}' }, 'BAD_REQUEST'],
  [
    'a variable that every object has',
    ask('query ($constructor: ID!) { child(id: $constructor) { id } }'),
    'BAD_USER_INPUT',
  ],
  [
    'variables deeper than a stack',
    { body: `{"query":"{ me { id } }","variables":{"x":${nested(200_000, '[', '', ']')}}}` },
    'BAD_USER_INPUT',
  ],
];

/** `[how, text]`: operations beyond one of the limits. */
export const TOO_COMPLEX: readonly (readonly [string, string])[] = [
  ['deep', nested(60, '{ __schema { types { fields { type { ofType ', '{ name }', '}'.repeat(5))],
  ['deep by selections alone', nested(2_000, '{ me ', '', '}')],
  ['deep by inline fragments', `{ me { ${nested(1_000, '... { ', 'id', ' }')} } }`],
  ['deep by a literal', `{ child(id: ${nested(4_900, '[', '', ']')}) { id } }`],
  ['wide', `{ ${times(700, 'me { id }')} }`],
  ['wide in one object', `{ me { ${times(4_000, 'id')} } }`],
  ['wide at the root', `{ ${times(30, (place) => `a${place}: me { id }`)} }`],
  ['full of aliases', `{ me { ${times(100, (place) => `a${place}: id`)} } }`],
  [
    'a bomb of fragments',
    `{ me { ...f0 } } ${times(30, (n) => `fragment f${n} on Practitioner { ...f${n + 1} ...f${n + 1} }`)}
     fragment f30 on Practitioner { id }`,
  ],
  ['long', `{ me { id } } ${times(30_000, '# and so on')}`],
  ['long by a literal', `{ child(id: "${'9'.repeat(100_000)}") { id } }`],
];
