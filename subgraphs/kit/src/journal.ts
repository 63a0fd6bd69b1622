import type { GrantClaims } from '@contactpoint/access/grant';
import type { Store } from './store.ts';

/**
 * What kind of request was answered. `mutation-intent` is written before a mutation runs, `subscription` when one is opened
 * and for each of its events.
 */
export type JournaledOperation =
  | 'query'
  | 'mutation-intent'
  | 'mutation'
  | 'subscription'
  | 'facts'
  | 'principals'
  | 'overrides'
  | 'comparisons';

/** What one request showed. Coordinates, never values. */
export interface JournalEntry {
  readonly grant: Pick<GrantClaims, 'iss' | 'jti' | 'evt' | 'sub' | 'act' | 'purpose'>;
  readonly operation: JournaledOperation;
  readonly at: Date;
  /** Coordinates by ContactPoint number; '' for what lies outside a child, which is journaled even where it is empty. */
  readonly resolved: ReadonlyMap<string, ReadonlySet<string>>;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * Writes entries down. Resolves once they are committed: until then nothing of what they tell may leave.
 *
 * @param store The store, or the transaction that the entries must share.
 */
export async function journal(store: Store, entries: readonly JournalEntry[]): Promise<void> {
  const rows = entries.flatMap(rowsOf);
  if (rows.length === 0) return;
  // One parameter whatever the number of rows, so that PostgreSQL prepares the statement once.
  await store`
    insert into access_journal
      (jti, evt, iss, at, practitioner, mediator, purpose, operation, child_id, coordinates)
    select jti, evt, iss, at, practitioner, mediator, purpose, operation, child_id, coordinates
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as entry (
      jti text, evt text, iss text, at timestamptz, practitioner text, mediator text, purpose text, operation text,
      child_id text, coordinates text[]
    )`;
}

function rowsOf({ grant, operation, at, resolved }: JournalEntry) {
  const outside = ['', resolved.get('') ?? NONE] as const;
  const children = [...resolved].filter(([childId]) => childId !== '');
  return [outside, ...children].map(([childId, coordinates]) => ({
    jti: grant.jti,
    evt: grant.evt,
    iss: grant.iss,
    at: at.toISOString(),
    practitioner: grant.sub,
    mediator: grant.act ?? null,
    purpose: grant.purpose ?? null,
    operation,
    child_id: childId === '' ? null : childId,
    coordinates: [...coordinates].sort(),
  }));
}
