import { type AccessEvent, AccessEventError, type AccessEventKind } from './access-event.ts';
import { cutText, MAX_NAME } from './cut-text.ts';
import { decodeAccessEvent } from './decode-access-event.ts';
import { shareOut } from './event-shares.ts';

/** Characters kept of a reason; callers are held to as many. */
const MAX_REASON = 500;

/**
 * Encodes an event as the leaves that record it: JSON in UTF-8, keys in one fixed order, at most 60 kB each. Text that
 * callers wrote is cut (names at 200 characters, the reason at 500); nothing else is ever left out.
 *
 * How many leaves there are, everybody can count by the index of the next receipt. So it depends on what was asked of
 * whom, and not on what was decided: each coordinate has room in both lists, the policies have theirs whichever they are.
 *
 * @returns At least one leaf; append them in this order. The first one's receipt names the event.
 * @throws AccessEventError for an event that could not be read again.
 */
export function encodeAccessEvent(event: AccessEvent): Uint8Array[] {
  checkHead(event);
  const first = encodeHead(event, 1, 1);
  const widestOutcome = 'RELEASED'.length - event.outcome.length;
  const shares = shareOut(event, Buffer.byteLength(first) + widestOutcome);
  const leaves = shares.map(({ jtis, subjects }, index) => {
    const head = shares.length === 1 ? first : encodeHead(event, index + 1, shares.length);
    return Buffer.from(`${head},"jtis":[${jtis}],"subjects":[${subjects}]}`);
  });
  if (!OF_OPERATIONS.has(event.kind)) for (const leaf of leaves) decodeAccessEvent(leaf);
  return leaves;
}

/**
 * Events of operations are made in one place, of what was checked on the way there: only their head is looked at. Others
 * are few, and made of whatever was at hand: each is read again before it is let out.
 */
const OF_OPERATIONS: ReadonlySet<AccessEventKind> = new Set(['access', 'intent', 'outcome']);

const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function checkHead({ nonce, at, instance }: Readonly<Record<'nonce' | 'at' | 'instance', unknown>>): void {
  const legible = typeof nonce === 'string' && typeof instance === 'string';
  if (!legible || typeof at !== 'string' || !TIMESTAMP.test(at)) {
    throw new AccessEventError('The event has no nonce, no time or no instance');
  }
}

/** JSON of everything but the two lists that are spread over the parts, without the brace that ends it. */
function encodeHead(event: AccessEvent, part: number, parts: number): string {
  return JSON.stringify(canonical(event, part, parts)).slice(0, -1);
}

/** Every key in the one order in which it is written; JSON leaves out the undefined ones. */
function canonical(event: Omit<AccessEvent, 'jtis' | 'subjects'>, part: number, parts: number) {
  const { operation, variables, refusal, usedAnswer, refusals, searches, previous, pruned } = event;
  return {
    version: event.version,
    kind: event.kind,
    nonce: event.nonce,
    part,
    parts,
    at: event.at,
    instance: event.instance,
    practitioner: cutText(event.practitioner, MAX_NAME),
    mediator: cutText(event.mediator, MAX_NAME),
    role: cutText(event.role, MAX_NAME),
    organisation: cutText(event.organisation, MAX_NAME),
    purpose: cutText(event.purpose, MAX_NAME),
    reason: cutText(event.reason, MAX_REASON),
    override: event.override,
    overrideWindows: event.overrideWindows,
    client: cutText(event.client, MAX_NAME),
    operation: operation && { name: cutText(operation.name, MAX_NAME), hash: operation.hash },
    variables: variables && { kid: variables.kid, digest: variables.digest },
    policySet: event.policySet,
    supergraph: event.supergraph,
    outcome: event.outcome,
    refusal: refusal && { code: refusal.code, detail: cutText(refusal.detail, MAX_NAME) },
    intentIndex: event.intentIndex?.toString(),
    usedAnswer: usedAnswer && {
      origin: cutText(usedAnswer.origin, MAX_NAME),
      index: usedAnswer.index,
      use: usedAnswer.use,
    },
    refusals: refusals && {
      source: cutText(refusals.source, MAX_NAME),
      count: refusals.count,
      from: refusals.from,
      to: refusals.to,
    },
    searches: searches && { asked: searches.asked, missed: searches.missed },
    import: event.import && {
      source: event.import.source,
      digest: event.import.digest,
      rows: event.import.rows,
      accepted: event.import.accepted,
      updated: event.import.updated,
      unchanged: event.import.unchanged,
      quarantined: event.import.quarantined,
    },
    previous: previous && {
      origin: previous.origin,
      size: previous.size,
      rootHash: previous.rootHash,
    },
    pruned: pruned && {
      origin: pruned.origin,
      count: pruned.count,
      indexes: pruned.indexes,
      before: pruned.before,
    },
  };
}
