import { isPlainText } from '@contactpoint/access/plain-text';
import type { Store } from '@contactpoint/subgraph-kit/store';
import type { Statements } from './statements.ts';

/** That two numbers are one child, as somebody found who may say so. */
export interface IdentityMerge {
  /** The number that is given up. */
  readonly from: string;
  /** The number that stays. Of either, where it was superseded before, the one that survives is meant. */
  readonly into: string;
  /** Practitioner. */
  readonly by: string;
  /** 10 to 500 characters. */
  readonly reason: string;
  readonly at: Date;
}

/** `BARRED`: one of them is an identity that must not be linked to any other. */
export type MergeErrorCode = 'UNKNOWN_NUMBER' | 'ONE_CHILD_ALREADY' | 'BARRED' | 'NO_REASON';

/** Two numbers cannot be made one child. Names neither. */
export class MergeError extends Error {
  override readonly name = 'MergeError';
  readonly code: MergeErrorCode;

  constructor(code: MergeErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}

const SHORTEST_REASON = 10;
const LONGEST_REASON = 500;

interface Identity {
  readonly id: string;
  readonly isBarred: boolean;
}

/**
 * Makes two numbers one child: from the commit on whatever holds for one of them holds for both, relationships, shields
 * and records of one's own, and an import that knows either finds the one that stays. Nothing is moved or deleted.
 *
 * @throws MergeError, and then nothing has changed.
 */
export async function mergeIdentities(store: Store, merge: IdentityMerge): Promise<void> {
  const reason = merge.reason.trim();
  if (reason.length < SHORTEST_REASON || reason.length > LONGEST_REASON) {
    const message = `A reason has ${SHORTEST_REASON} to ${LONGEST_REASON} characters`;
    throw new MergeError('NO_REASON', message);
  }
  if (!isPlainText(reason))
    throw new MergeError('NO_REASON', 'A reason has no characters that deceive whoever reads it');
  await store.begin(async (sql) => {
    // The lock of imports: none may look for an identity while it is given up, and no two merges form a ring.
    await sql`select pg_advisory_xact_lock(hashtext('contactpoint.directory.registration'))`;
    const superseded = await survivingIdentity(sql, merge.from);
    const surviving = await survivingIdentity(sql, merge.into);
    if (superseded.id === surviving.id)
      throw new MergeError('ONE_CHILD_ALREADY', 'The numbers are one child already');
    if (superseded.isBarred || surviving.isBarred)
      throw new MergeError('BARRED', 'An identity of these is not to be linked to another');

    await sql`update superseded_number set surviving = ${surviving.id} where surviving = ${superseded.id}`;
    await sql`insert into superseded_number (number, surviving) values (${superseded.id}, ${surviving.id})`;
    await sql`
      insert into identity_merge (superseded, surviving, merged_at, merged_by, reason)
      values (${superseded.id}, ${surviving.id}, ${merge.at.toISOString()}, ${merge.by}, ${reason})`;
  });
}

/** A barred identity is never given up for another, so the surviving one tells for all its numbers. */
async function survivingIdentity(sql: Statements, number: string): Promise<Identity> {
  const [identity] = await sql<Identity[]>`
    select id, merge_barred as "isBarred" from child where id = surviving_number(${number}) for update`;
  if (identity === undefined) throw new MergeError('UNKNOWN_NUMBER', 'No child has this number');
  return identity;
}
