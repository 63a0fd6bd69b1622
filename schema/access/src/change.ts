import { createHmac, timingSafeEqual } from 'node:crypto';
import * as v from 'valibot';
import type { GrantKey } from './grant.ts';

/**
 * What the directory and accreditation tell every gateway over Redis, so that nothing is believed for longer than it is
 * true. Identifiers only: what has become of them each gateway asks for itself, under a grant.
 */
export interface ChangeMessage {
  /** Name of the subgraph that speaks. */
  readonly subgraph: string;
  /** Random; a new one whenever the publisher may have missed something: at its start, after it lost its database. */
  readonly publisher: string;
  /** One more than in the publisher's message before: a gap says that one was lost. */
  readonly sequence: number;
  /** When it was sent, milliseconds since the epoch. */
  readonly at: number;
  /** Absent in a heartbeat. */
  readonly changed?: Changed | undefined;
}

/** Whose facts or accreditation are no longer what they were; `everything` where that cannot be told one by one. */
export type Changed = 'everything' | ChangedSubjects;

export interface ChangedSubjects {
  /** ContactPoint numbers, the superseded ones of a child included. */
  readonly children?: readonly string[] | undefined;
  readonly practitioners?: readonly string[] | undefined;
  /** All who belong to them. */
  readonly organisations?: readonly string[] | undefined;
}

/** Milliseconds from one heartbeat of a publisher to the next. */
export const HEARTBEAT = 500;

/** Milliseconds after which a message is too old to be believed, and clock difference between sender and receiver. */
const FRESH = 5_000;

/** Redis channel of a subgraph's messages. */
export function changeChannel(subgraph: string): string {
  return `contactpoint:change:${subgraph}`;
}

const ids = v.optional(v.array(v.string()));

/** Shape of `Changed` where it comes from outside. */
export const ChangedShape = v.union([
  v.literal('everything'),
  v.strictObject({ children: ids, practitioners: ids, organisations: ids }),
]);

const Sealed = v.object({ kid: v.string(), mac: v.string(), message: v.string() });

const Message = v.object({
  subgraph: v.string(),
  publisher: v.string(),
  sequence: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  at: v.number(),
  changed: v.optional(ChangedShape),
});

/**
 * Message as it travels: with its authentication code under the subgraph's grant key. Without one whoever may write to
 * Redis could forge heartbeats while holding the true feed back, and so stretch a second to five.
 */
export function sealChange({ kid, secret }: GrantKey, message: ChangeMessage): string {
  const text = JSON.stringify(message);
  return JSON.stringify({ kid, mac: codeOf(secret, text).toString('base64url'), message: text });
}

/**
 * @param ring Grant keys of the subgraph whose channel it came on.
 * @returns Undefined for what the subgraph did not send, or did not send just now.
 */
export function openChange(
  ring: readonly GrantKey[],
  sealed: string,
  expected: { readonly subgraph: string; readonly now: Date },
): ChangeMessage | undefined {
  const outer = v.safeParse(Sealed, parsed(sealed));
  if (!outer.success) return undefined;
  const { kid, mac, message: text } = outer.output;
  const key = ring.find((each) => each.kid === kid);
  if (key === undefined || !isEqual(codeOf(key.secret, text), Buffer.from(mac, 'base64url')))
    return undefined;

  const inner = v.safeParse(Message, parsed(text));
  if (!inner.success || inner.output.subgraph !== expected.subgraph) return undefined;
  return Math.abs(expected.now.getTime() - inner.output.at) <= FRESH ? inner.output : undefined;
}

/** The word before the text keeps the code apart from a grant's signature, which the same key makes. */
function codeOf(secret: Uint8Array, text: string): Buffer {
  return createHmac('sha256', secret).update('contactpoint-change\n').update(text).digest();
}

function isEqual(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
