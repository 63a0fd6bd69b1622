import type { ExecutionResult } from '@contactpoint/executor/execution';
import type { OracleAnswer } from './oracle.ts';

interface Comparable {
  readonly data: unknown;
  /** Each place once: stock reports an entity's error as often as it asked for the entity. */
  readonly places: readonly string[];
}

/** Our answer as far as stock can answer it: without errors that stock keeps to itself. */
export function comparable(ours: ExecutionResult, { hidesCompletion }: OracleAnswer): Comparable {
  const errors = ours.errors.filter((error) => {
    const isCompletion =
      error.extensions?.code === 'SUBGRAPH_ERROR' && error.extensions.subgraph === undefined;
    return !(isCompletion && hidesCompletion);
  });
  return {
    // Without prototypes on our side, with them on the other.
    data: JSON.parse(JSON.stringify(ours.data)),
    places: sorted(errors.map(({ path }) => path ?? ['-'])),
  };
}

export function comparableOracle({ data, paths }: OracleAnswer): Comparable {
  return { data, places: sorted(paths) };
}

function sorted(paths: readonly (readonly (string | number)[])[]): string[] {
  return [...new Set(paths.map((path) => path.join('.')))].sort();
}
