import fc from 'fast-check';

/** JSON text of an answer, made from that of an honest one. */
export type Mangle = (honest: unknown) => string;

/** What no schema allows in most places, as JSON text. */
const HOSTILE = [
  'null',
  'true',
  '"JANE"',
  '""',
  '-1',
  '0.5',
  '1e400',
  '9007199254740993',
  '123456789012345678901234567890',
  '[]',
  '[null]',
  '[[[]]]',
  `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
  `${'{"title":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
  '{}',
  '{"__typename":"Nobody","id":"x"}',
  '{"__typename":"Maker","id":"m1","__subject":"k2"}',
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '{"toString":1,"hasOwnProperty":null,"valueOf":[]}',
] as const;

type Change = 'REPLACE' | 'DROP' | 'DOUBLE' | 'WRAP' | 'REPEAT_KEY' | 'ADD_KEY';

interface Mutation {
  /** Which value of the answer, counted in the order it is written and modulo their number. */
  readonly at: number;
  readonly change: Change;
  readonly hostile: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(200),
  change: fc.constantFrom<Change>('REPLACE', 'REPLACE', 'DROP', 'DOUBLE', 'WRAP', 'REPEAT_KEY', 'ADD_KEY'),
  hostile: fc.constantFrom(...HOSTILE),
});

/** A record's number, to be looked for where no number of a record may be. */
export const RECORD_NUMBER = 19_660_412;

/** An error beside the data, at a place that is in them, and on from there. */
interface PlantedError {
  /** Which of the answer's paths, modulo their number. */
  readonly at: number;
  readonly beyond: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly times: number;
}

const planted: fc.Arbitrary<PlantedError> = fc.record({
  at: fc.nat(200),
  beyond: fc.array(
    fc.constantFrom<string | number>('JANE', RECORD_NUMBER, RECORD_NUMBER, 0, -1, 'title', '__proto__'),
    {
      maxLength: 3,
    },
  ),
  extensions: fc.constantFrom<Readonly<Record<string, unknown>>>(
    { code: 'JANE' },
    { code: 'BAD_USER_INPUT', argument: 'JANE' },
    { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'JANE' },
    { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'JANE' },
  ),
  times: fc.constantFrom(1, 1, 1, 50),
});

/**
 * Wrong types, lists too long and too short, keys twice, keys that mean something to JavaScript, numbers beyond numbers, depths
 * beyond depths, and errors that say what no error may.
 */
export const mangling: fc.Arbitrary<Mangle> = fc
  .tuple(
    fc.array(mutation, { minLength: 1, maxLength: 4 }),
    fc.option(fc.array(planted, { minLength: 1, maxLength: 3 }), { nil: undefined }),
  )
  .map(([mutations, errors]) => (honest) => {
    const answer = errors === undefined ? honest : withErrors(honest, errors);
    const size = sizeOf(honest);
    const changes = new Map(mutations.map((it) => [it.at % size, it]));
    return write(answer, changes, { count: 0 })[0] ?? 'null';
  });

function withErrors(honest: unknown, errors: readonly PlantedError[]): unknown {
  const { data, ...rest } = honest as { readonly data?: unknown };
  const paths = pathsIn(data, []);
  const told = errors.flatMap(({ at, beyond, extensions, times }) => {
    const path = [...(paths[at % paths.length] ?? []), ...beyond];
    return Array.from({ length: times }, () => ({ message: 'JANE', locations: 'JANE', path, extensions }));
  });
  return { data, ...rest, errors: told };
}

function pathsIn(value: unknown, path: readonly (string | number)[]): (readonly (string | number)[])[] {
  if (!isObject(value)) return [path];
  const below = Array.isArray(value)
    ? value.flatMap((item, index) => pathsIn(item, [...path, index]))
    : Object.entries(value).flatMap(([key, item]) => pathsIn(item, [...path, key]));
  return [path, ...below];
}

function sizeOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return 1 + Object.values(value).reduce<number>((sum, below) => sum + sizeOf(below), 0);
}

/** @returns None where the value is dropped, two where it stands twice. */
function write(value: unknown, changes: ReadonlyMap<number, Mutation>, seen: { count: number }): string[] {
  const change = changes.get(seen.count++);
  const plain = Array.isArray(value)
    ? `[${value.flatMap((item) => write(item, changes, seen)).join()}]`
    : isObject(value)
      ? writeObject(value, changes, seen, change)
      : JSON.stringify(value);
  switch (change?.change) {
    case 'REPLACE':
      return [change.hostile];
    case 'DROP':
      return [];
    case 'DOUBLE':
      return [plain, plain];
    case 'WRAP':
      return [`[${plain}]`];
    default:
      return [plain];
  }
}

function writeObject(
  value: object,
  changes: ReadonlyMap<number, Mutation>,
  seen: { count: number },
  change: Mutation | undefined,
): string {
  const entries = Object.entries(value).flatMap(([key, below]) =>
    write(below, changes, seen).map((text) => `${JSON.stringify(key)}:${text}`),
  );
  const [first = '""'] = Object.keys(value).map((key) => JSON.stringify(key));
  if (change?.change === 'REPEAT_KEY') entries.push(`${first}:${change.hostile}`);
  if (change?.change === 'ADD_KEY') entries.unshift(`"__proto__":${change.hostile}`);
  return `{${entries.join()}}`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
