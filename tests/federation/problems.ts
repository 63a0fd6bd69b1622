import type { Answer } from '../running-system.ts';

/** What an answer says of its nulls: code, and subgraph where it names one, by response path. */
export function problemsOf({ body: { errors = [] } }: Answer): Record<string, string> {
  return Object.fromEntries(
    errors.map(({ path = [], extensions = {} }) => {
      const { code, subgraph } = extensions;
      return [path.join('.'), subgraph === undefined ? String(code) : `${code} of ${subgraph}`];
    }),
  );
}
