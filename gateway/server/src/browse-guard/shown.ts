import type { SearchCount } from '@contactpoint/audit-log/access-event';
import type { GraphQLFormattedError } from 'graphql';

/** What one answer shows its caller, each named once. */
export interface Shown {
  /** Numbers of the children in it; a candidate of a search that it shows without its child goes by its place. */
  readonly records: readonly string[];
  /** Questions that found nobody. */
  readonly misses: readonly string[];
}

/** A root field through which a child is looked for. */
export interface Door {
  /** Key in the response. */
  readonly key: string;
  /** The field and its arguments: the same question is the same text. */
  readonly question: () => string;
  readonly isSearch: boolean;
}

/**
 * Reads from an answer what it shows: exactly what the caller sees, so that no count can depend on what the caller may
 * not see.
 *
 * @param children Children that stand in the answer, however many times.
 */
export function shownBy(
  doors: readonly Door[],
  children: readonly string[],
  data: Readonly<Record<string, unknown>> | null | undefined,
  errors: readonly GraphQLFormattedError[],
): Shown {
  const records = new Set(children);
  const misses = new Set<string>();
  for (const { key, question, isSearch } of doors) {
    const answer = data?.[key];
    if (answer === undefined) continue;
    if (answer === null) {
      if (wasAnswered(errors, key)) misses.add(question());
      continue;
    }
    if (!isSearch) continue;
    const candidates = candidatesOf(answer);
    if (candidates.length === 0) misses.add(question());
    candidates.forEach((candidate, place) => {
      if (!holdsChild(candidate)) records.add(`${question()} ${place}`);
    });
  }
  return { records: [...records], misses: [...misses] };
}

/**
 * How children were looked for, as the event says it: by what the caller was shown, like everything here. Undefined where
 * nobody was searched for and nothing was missed.
 */
export function searchesOf(
  doors: readonly Door[],
  { misses }: Shown,
  data: Readonly<Record<string, unknown>> | null | undefined,
  errors: readonly GraphQLFormattedError[],
): SearchCount | undefined {
  const asked = doors.filter(({ key, isSearch }) => {
    const answer = data?.[key];
    return isSearch && answer !== undefined && (answer !== null || wasAnswered(errors, key));
  });
  if (asked.length === 0 && misses.length === 0) return undefined;
  return { asked: new Set(asked.map(({ question }) => question())).size, missed: misses.length };
}

/** Refused for what is known without looking, or not to be had: then nothing was asked, and nothing is learnt. */
function wasAnswered(errors: readonly GraphQLFormattedError[], key: string): boolean {
  return errors.every(({ path, extensions }) => {
    if (path?.[0] !== key || path.length > 1) return true;
    if (extensions?.['code'] === 'SUBGRAPH_UNAVAILABLE') return false;
    return extensions?.['code'] !== 'UNAUTHORIZED_FIELD_OR_TYPE' || extensions['reason'] === 'RELATIONSHIP';
  });
}

/** The search result's only list, under whatever alias; none where it was not asked for, which found nobody either. */
function candidatesOf(result: unknown): readonly unknown[] {
  const parts = Object.values(result ?? {}) as readonly unknown[];
  return parts.find((part) => Array.isArray(part)) ?? [];
}

function holdsChild(candidate: unknown): boolean {
  return Object.values(candidate ?? {}).some((part) => typeof part === 'object' && part !== null);
}
