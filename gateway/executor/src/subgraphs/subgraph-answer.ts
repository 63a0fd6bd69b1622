import { isRecord, own } from '../records/record.ts';

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

/**
 * Values in one answer at most. Eight megabytes of empty objects are 2.8 million of them: a second of the gateway's time, and
 * 280 MB (docs/adr/0083).
 */
const MOST_VALUES = 500_000;

/** @returns undefined for what is no JSON in UTF-8, or too many values. */
export function parseJson(bytes: Uint8Array): unknown {
  if (bytes.byteLength > MOST_VALUES && hasTooManyValues(bytes)) return undefined;
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    return undefined;
  }
}

/** By what stands between and around values, also where it stands in a text: to read the texts takes as long as to parse. */
function hasTooManyValues(bytes: Uint8Array): boolean {
  let values = 0;
  for (const byte of bytes) {
    if (byte === COMMA || byte === OPENING_BRACKET || byte === OPENING_BRACE) values += 1;
  }
  return values > MOST_VALUES;
}

const COMMA = 0x2c;
const OPENING_BRACKET = 0x5b;
const OPENING_BRACE = 0x7b;
