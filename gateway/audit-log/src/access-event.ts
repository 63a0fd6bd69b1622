/** How one operation ended for its caller. */
export type AccessOutcome = 'RELEASED' | 'PARTIAL' | 'REFUSED';

/**
 * What a leaf records. A mutation is an `intent`, kept before it runs, and an `outcome`, kept before it is answered;
 * a `refusal-count` stands for refusals of callers who were never known, counted per minute and source. A `boot` is the
 * first leaf of each log and ties it to the one before; a `prune` tells that leaves were forgotten after their term.
 */
export const ACCESS_EVENT_KINDS = [
  'access',
  'intent',
  'outcome',
  'refusal-count',
  'import',
  'boot',
  'prune',
] as const;

export type AccessEventKind = (typeof ACCESS_EVENT_KINDS)[number];

/** One access event: identifiers only, never a value of a record. */
export interface AccessEvent {
  readonly version: 1;
  readonly kind: AccessEventKind;
  /**
   * 16 random bytes, 32 lower-case hex digits. Never leaves the log: without it nobody who knows a leaf hash can find
   * the leaf by guessing.
   */
  readonly nonce: string;
  /** RFC 3339, UTC, milliseconds. */
  readonly at: string;
  /** Gateway instance, `gateway-1`. */
  readonly instance: string;
  /** Absent before the caller is known. */
  readonly practitioner?: string;
  /** Who read on the practitioner’s behalf; absent where practitioners read for themselves. */
  readonly mediator?: string;
  readonly role?: string;
  readonly organisation?: string;
  /** As the caller wrote it, so that an unknown one is on record too. */
  readonly purpose?: string;
  /** As the caller wrote it. */
  readonly reason?: string;
  /** Whether break-glass took part in a decision; of an intent, whether it was asked for. */
  readonly override: boolean;
  /** Names of the break-glass windows under which it did: digests of the events that opened them. Absent without. */
  readonly overrideWindows?: readonly string[];
  /** Client application, as its token names it. */
  readonly client?: string;
  readonly operation?: OperationReference;
  readonly variables?: KeyedDigest;
  /** Hash of the policy set that decided; absent where nothing was decided by one. */
  readonly policySet?: string;
  /** Hash of the supergraph in force. */
  readonly supergraph?: string;
  /** Of an intent: what was decided so far. */
  readonly outcome: AccessOutcome;
  readonly refusal?: Refusal;
  /** Of an outcome: index of its intent in the same log. */
  readonly intentIndex?: bigint;
  readonly refusals?: RefusalCount;
  /** Of an answer that was copied or printed: which. Its children stand in `subjects` again. */
  readonly usedAnswer?: UsedAnswer;
  /** Absent where nobody was searched for and nobody looked up in vain. */
  readonly searches?: SearchCount;
  readonly import?: ImportSummary;
  /** Of a boot: how the last log of the same instance ended. Absent at an instance's first boot. */
  readonly previous?: PreviousBoot;
  /** Of a prune: which leaves. */
  readonly pruned?: PrunedLeaves;
  /** `jti` of every grant that was issued under this event. */
  readonly jtis: readonly string[];
  /** Each child once. */
  readonly subjects: readonly SubjectDecision[];
}

export interface OperationReference {
  /** As the client named it. */
  readonly name?: string;
  /** Hex SHA-256 of the operation's text. */
  readonly hash: string;
}

/** Keyed, because a plain digest of a date of birth is the date of birth. */
export interface KeyedDigest {
  /** Name of the key. */
  readonly kid: string;
  /** Hex HMAC-SHA-256. */
  readonly digest: string;
}

export interface Refusal {
  /** `ACCREDITATION_LAPSED`. */
  readonly code: string;
  /** `TRAINING`, `SCOPE`: what the error's extensions said besides the code. */
  readonly detail?: string;
}

export interface RefusalCount {
  /** Where they came from, as far as it was known: a network address. */
  readonly source: string;
  readonly count: number;
  /** RFC 3339, first and last of them. */
  readonly from: string;
  readonly to: string;
}

/** What can be done with an answer beside looking at it. */
export const ANSWER_USES = ['COPIED', 'PRINTED'] as const;

export type AnswerUse = (typeof ANSWER_USES)[number];

/** An answer that its reader took along, by its receipt. */
export interface UsedAnswer {
  readonly origin: string;
  /** Decimal digits. */
  readonly index: string;
  readonly use: AnswerUse;
}

/** How children were looked for: how often, never what for. */
export interface SearchCount {
  /** Searches by name and date of birth. */
  readonly asked: number;
  /**
   * Questions that found nobody as far as the caller was shown, look-ups by a number among them. A child whom the answer
   * hides counts as nobody here too.
   */
  readonly missed: number;
}

/** What an import did, in rows; which children it touched stands in `subjects`. */
export interface ImportSummary {
  /** Format, `cin-census`. */
  readonly source: string;
  /** Hex SHA-256 of the files. */
  readonly digest: string;
  readonly rows: number;
  readonly accepted: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly quarantined: number;
}

/** Last checkpoint of the log before, which covers all of it: a boot that goes missing leaves its successor unexplained. */
export interface PreviousBoot {
  readonly origin: string;
  /** Leaves, in decimal digits. */
  readonly size: string;
  /** RFC 6962 root hash over them, base64. */
  readonly rootHash: string;
}

/** Exactly these leaves may be gone from the log, and no others on the strength of this event. */
export interface PrunedLeaves {
  readonly origin: string;
  readonly count: number;
  /**
   * Which: indexes and ranges of them in decimal digits, ascending, `3,5-9`. Absent in events from before leaves were
   * named, which say how many alone.
   */
  readonly indexes?: string;
  /** RFC 3339: what was forgotten had been kept before this. */
  readonly before: string;
}

/** What of one child's record the decision released and withheld, whether or not there was a value. */
export interface SubjectDecision {
  /** ContactPoint number. */
  readonly child: string;
  /** Schema coordinates, `Child.conditions`. */
  readonly released: readonly string[];
  readonly withheld: readonly string[];
  /** Ids of the determining policies. */
  readonly policies: readonly string[];
}

/** One leaf's share of an event: everything but subjects and `jtis`, which are spread over the parts, is in each. */
export interface AccessEventPart extends AccessEvent {
  /** From 1. */
  readonly part: number;
  readonly parts: number;
}

/** The leaf is not an access event of a version that this code knows. */
export class AccessEventError extends Error {
  override readonly name = 'AccessEventError';
}
