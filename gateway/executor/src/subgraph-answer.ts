import { isRecord, own } from './record.ts';

/** An answer in GraphQL's form, its content still unchecked; or none. */
export type SubgraphAnswer =
  | {
      readonly kind: 'ANSWERED';
      readonly data: Record<string, unknown> | undefined;
      readonly errors: readonly unknown[];
    }
  | { readonly kind: 'UNAVAILABLE' };

/** What became of one attempt: nobody answered, as far as one can tell, or what came counts as an answer. */
export type Attempted = SubgraphAnswer | { readonly kind: 'UNREACHED' };

export const UNAVAILABLE = { kind: 'UNAVAILABLE' } as const;
export const UNREACHED = { kind: 'UNREACHED' } as const;

/** Statuses of something in front of a subgraph that is not there, or not yet. RFC 9110 §15.6 */
const OUT_OF_REACH: ReadonlySet<number> = new Set([502, 503, 504]);

export function withoutAnswer(status: number): typeof UNAVAILABLE | typeof UNREACHED {
  return OUT_OF_REACH.has(status) ? UNREACHED : UNAVAILABLE;
}

/** @param answer As parsed. */
export function readAnswer(answer: unknown): SubgraphAnswer {
  if (!isRecord(answer)) return UNAVAILABLE;
  const data = own(answer, 'data') ?? undefined;
  const errors = own(answer, 'errors') ?? [];
  if (!Array.isArray(errors) || (data !== undefined && !isRecord(data))) return UNAVAILABLE;
  // Neither data nor a reason why not: whatever this is, it is no GraphQL answer.
  if (data === undefined && errors.length === 0) return UNAVAILABLE;
  return { kind: 'ANSWERED', data, errors };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** @returns undefined for what is no JSON in UTF-8. */
export function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}
