import { AccessError } from '@contactpoint/access/access-error';
import { breakGlassOpens } from '@contactpoint/access/break-glass';
import type { Decide } from '@contactpoint/access/decide';
import { type OverrideWindow, openAt } from '@contactpoint/access/override';
import type { Principal } from '@contactpoint/access/principal';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import type { FactsCaller } from '../subgraphs/facts.ts';
import type { Overrides } from '../subgraphs/overrides.ts';
import type { Principals } from '../subgraphs/principals.ts';
import type { ParsedOperation } from './parse.ts';
import { readOverride, type StatedPurpose } from './purpose-of-use.ts';
import { recordIntent } from './record.ts';
import type { NamedSubject } from './subject-access.ts';
import type { EventContext, Trail } from './trail.ts';

export interface BreakGlassParts {
  readonly decide: Decide;
  readonly overrides: Overrides;
  readonly principals: Principals;
  readonly log: AuditLog;
  readonly events: EventContext;
}

/** What is known of the request by then. */
export interface AskedOperation {
  readonly principal: Principal;
  readonly parsed: ParsedOperation;
  /** Undefined where the operation touches no subject. */
  readonly stated: StatedPurpose | undefined;
  /** Children that the operation names in its root arguments. */
  readonly named: readonly NamedSubject[];
  /** The claims of the caller's grants. */
  readonly caller: FactsCaller;
}

/**
 * Break-glass step: for which children the operation is decided with override. They are those that a query names and for
 * whom a window is open, and the one for whom its header opens one. No mutation is decided with override.
 *
 * A window is durable before anything is decided under it, and its intent is in the log before it is opened: no crash
 * leaves a window that no event tells of.
 *
 * @param trail Told under which windows the request goes on.
 * @throws AccessError BAD_REQUEST for a mutation or anything but one named child; UNAUTHORIZED_FIELD_OR_TYPE, reason
 *   POLICY, where it would open nothing to the role, or earlier reviews are overdue or too many; ACCESS_UNDECIDED when accreditation
 *   is out of reach; AUDIT_UNAVAILABLE when the intent is not kept.
 */
export async function breakGlass(
  parts: BreakGlassParts,
  trail: Trail,
  asked: AskedOperation,
): Promise<ReadonlySet<string>> {
  const { principal, parsed, named } = asked;
  const children = new Set(named.map(({ id }) => id));
  const isQuery = parsed.operation.operation === 'query';
  let windows = isQuery
    ? openAt(principal.overrides ?? [], trail.at).filter(({ child }) => children.has(child))
    : [];
  if (readOverride(trail.request.headers.override)) {
    const child = checkedChild(parts.decide, asked, children);
    if (windows.length === 0) windows = [await openWindow(parts, trail, asked.caller, child)];
  }
  trail.overrideWindows = windows.map(({ evt }) => evt);
  return new Set(windows.map(({ child }) => child));
}

/** The one child, for whom break-glass may be asked. */
function checkedChild(
  decide: Decide,
  { principal, parsed, stated }: AskedOperation,
  children: ReadonlySet<string>,
): string {
  if (parsed.operation.operation !== 'query')
    throw new AccessError('BAD_REQUEST', 'Break-glass opens a record to read, once: it goes with a query');
  const [child, ...more] = children;
  if (stated === undefined || child === undefined || more.length > 0) {
    const message = 'With break-glass an operation names exactly one child, by ContactPoint number';
    throw new AccessError('BAD_REQUEST', message);
  }
  if (!breakGlassOpens(decide, principal, stated.purpose))
    throw refusal('Break-glass opens nothing to this role for this purpose');
  return child;
}

async function openWindow(
  { overrides, principals, log, events }: BreakGlassParts,
  trail: Trail,
  caller: FactsCaller,
  child: string,
): Promise<OverrideWindow> {
  trail.overrideWindows = [trail.evt];
  const subjects = [{ child, released: [], withheld: [], policies: [] }];
  await recordIntent({ log, events }, trail, subjects);

  const onQuestion = (jti: string) => trail.jtis.push(jti);
  const answer = await overrides.open(caller, child, onQuestion).catch((cause: unknown) => {
    throw new AccessError('ACCESS_UNDECIDED', 'Break-glass cannot be put on record', { cause });
  });
  if ('window' in answer) {
    // The next request need not ask for it again.
    principals.forget({ practitioners: [caller.sub] });
    return answer.window;
  }
  trail.overrideWindows = [];
  throw refusal(WHY_REFUSED[answer.refused]);
}

const WHY_REFUSED = {
  REVIEW_OVERDUE: 'The review of an earlier break-glass access is overdue',
  REVIEWS_OWED: 'Too many break-glass accesses wait for their reviews',
  NO_ACCOUNT: 'The account may not break the glass',
} as const;

function refusal(message: string): AccessError {
  return new AccessError('UNAUTHORIZED_FIELD_OR_TYPE', message, { extensions: { reason: 'POLICY' } });
}
