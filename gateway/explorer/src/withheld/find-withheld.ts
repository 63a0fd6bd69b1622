/** A place of an answer that is null for a reason. */
export interface Withheld {
  readonly path: readonly (string | number)[];
  /** SCOPE, POLICY, PURPOSE, RELATIONSHIP; where there is none, the code of the error. */
  readonly reason: string;
  /** The agency that did not answer. */
  readonly subgraph?: string;
  /** Line of the null in the answer's text, from 1; undefined where the answer has no such place. */
  readonly line: number | undefined;
}

/** Places that are listed and marked; an answer with more of them says how many there are. */
export const MOST_MARKED = 500;

/**
 * Finds the nulls that the answer's errors speak of. Errors are about a response's keys and places, so that aliases and
 * lists need no looking up.
 *
 * @param text As GraphiQL shows an answer: JSON, two blanks a level.
 * @returns Nothing for a text that is no answer.
 */
export function findWithheld(text: string): readonly Withheld[] {
  const answer = parsed(text);
  const errors = Array.isArray(answer?.errors) ? answer.errors : [];
  const places = errors.flatMap(({ path, extensions }) =>
    Array.isArray(path) && path.length > 0 ? { path, extensions: extensions ?? {} } : [],
  );
  if (answer === undefined || places.length === 0) return [];
  const marked = places.slice(0, MOST_MARKED);
  const lines = linesOf(
    answer,
    marked.map(({ path }) => ['data', ...path]),
  );
  return marked.map(({ path, extensions: { reason, code, subgraph } }, place) => ({
    path,
    reason: typeof reason === 'string' ? reason : typeof code === 'string' ? code : 'UNKNOWN',
    ...(typeof subgraph === 'string' ? { subgraph } : {}),
    line: lines[place],
  }));
}

/** How many places there are, marked or not. */
export function countWithheld(text: string): number {
  const errors = parsed(text)?.errors;
  return Array.isArray(errors)
    ? errors.filter(({ path }) => Array.isArray(path) && path.length > 0).length
    : 0;
}

interface Answer {
  readonly errors?: readonly {
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
  readonly data?: unknown;
}

function parsed(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Wanted places, as a tree of keys. */
interface Wanted {
  readonly below: Map<string, Wanted>;
  readonly places: number[];
}

/** Line of each path whose value is null. Every value is passed once. */
function linesOf(
  root: unknown,
  paths: readonly (readonly (string | number)[])[],
): readonly (number | undefined)[] {
  const wanted: Wanted = { below: new Map(), places: [] };
  for (const [place, path] of paths.entries()) {
    let at = wanted;
    for (const key of path) {
      const next = at.below.get(String(key)) ?? { below: new Map(), places: [] };
      at.below.set(String(key), next);
      at = next;
    }
    at.places.push(place);
  }
  const lines: (number | undefined)[] = paths.map(() => undefined);
  let line = 1;
  const pass = (value: unknown, at: Wanted | undefined): void => {
    if (value === null) for (const place of at?.places ?? []) lines[place] = line;
    if (typeof value !== 'object' || value === null) return;
    const entries = Object.entries(value);
    for (const [key, each] of entries) {
      line++;
      pass(each, at?.below.get(key));
    }
    // The bracket that closes it; an empty one stands on the line that opened it.
    if (entries.length > 0) line++;
  };
  pass(root, wanted);
  return lines;
}
