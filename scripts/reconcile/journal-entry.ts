import * as v from 'valibot';

const timestamp = v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/));

/**
 * One row of an agency's journal: what it resolved of one child under one grant. Also the shape of a line of a journal
 * file, whose format is documented in docs/agencies/journal-file.md.
 */
export const JournalEntryShape = v.object({
  /** Grant under which it was resolved. */
  jti: v.pipe(v.string(), v.minLength(1)),
  /** Hex SHA-256 that names the access event. */
  evt: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
  /** Origin of the log of whoever signed the grant; null in entries from before it was written down. */
  iss: v.nullable(v.string()),
  /** RFC 3339, UTC, by the agency's clock. */
  at: timestamp,
  practitioner: v.string(),
  /** `query`, `mutation`, `mutation-intent`, or the name of a route beside the graph. */
  operation: v.string(),
  /** ContactPoint number; null for what lies outside a child. */
  child: v.nullable(v.string()),
  /** Schema coordinates. */
  coordinates: v.array(v.string()),
});

export type JournalEntry = v.InferOutput<typeof JournalEntryShape>;

/** A journal, in the order of the `jti`s' bytes. */
export interface Journal {
  readonly subgraph: string;
  readonly entries: AsyncIterable<JournalEntry>;
}
