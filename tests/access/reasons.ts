import type { Answer } from '../running-system.ts';

/** What an answer says of its nulls: reason, or code where there is none, by response path (`child.addresses.0.line1`). */
export function reasonsOf({ body: { errors = [] } }: Answer): Record<string, unknown> {
  return Object.fromEntries(
    errors.map(({ path = [], extensions }) => [
      path.join('.'),
      extensions?.['reason'] ?? extensions?.['code'],
    ]),
  );
}

/** Code of the first error: of a refused request the only one. */
export function codeOf({ body: { errors = [] } }: Answer): unknown {
  return errors[0]?.extensions?.['code'];
}
