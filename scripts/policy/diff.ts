import type { PolicySet } from '@contactpoint/access/policy-set';
import { isPurposeOfUse } from '@contactpoint/access/purpose';
import { type ChangeGroup, createChangeTally } from '@contactpoint/access/replay/change-tally';
import { createReplay, type DecisionChange, type LoggedDecision } from '@contactpoint/access/replay/replay';
import { isRole } from '@contactpoint/access/role';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { DiffSupergraph } from './diff-settings.ts';
import type { LoggedEvent } from './logged-events.ts';

/** What another policy set would have made of what is on record. */
export interface PolicyDiff {
  /** Hashes of both sets. */
  readonly old: string;
  readonly new: string;
  /** Events of the log, refusals and imports included. */
  readonly events: number;
  /** Children decided for by a policy set, event by event. */
  readonly decisions: number;
  /** Of those, how many would or could change. */
  readonly changed: number;
  readonly groups: readonly ChangeGroup[];
  /** What the comparison could not go by. */
  readonly reservations: Reservations;
}

export interface Reservations {
  /** Decisions by policy sets other than OLD, by hash. */
  readonly otherPolicySets: Readonly<Record<string, number>>;
  /** Decisions under supergraphs other than the present one, by hash. */
  readonly otherSupergraphs: Readonly<Record<string, number>>;
  /** Decisions that OLD would not have made, whatever held of the child. */
  readonly unexplained: number;
  /** Children in requests that were refused as a whole, for a limit or a failure: no policy decided what they say. */
  readonly refused: number;
  /** Decisions for callers on whose behalf somebody read: of the two only the caller's is replayed. */
  readonly mediated: number;
  /** Coordinates that the present supergraph does not have, and in how many decisions they stand. */
  readonly unknownCoordinates: Readonly<Record<string, number>>;
  /** Events of which parts are missing. */
  readonly incomplete: number;
  /** Leaves that are no events of a version that this one reads. */
  readonly unreadable: number;
}

/**
 * One decision that changes. Whose record it was about is for those to look up who may, by the receipt and through the
 * gateway, where looking it up is itself on record.
 */
export interface ChangedDecision {
  /** `ORIGIN INDEX` */
  readonly receipt: string;
  readonly at: string;
  readonly changes: readonly DecisionChange[];
}

export interface DiffOptions {
  readonly supergraph: DiffSupergraph;
  readonly oldSet: PolicySet;
  readonly newSet: PolicySet;
  /** Told of each decision that changes, as it is found. */
  readonly onChange?: (changed: ChangedDecision) => void;
  /** Told how many events have been replayed. */
  readonly onProgress?: (events: number) => void;
}

/** Replays events one by one. What it keeps grows with roles, purposes and coordinates, not with the log. */
export async function diffPolicies(
  events: AsyncIterable<LoggedEvent>,
  { supergraph, oldSet, newSet, onChange, onProgress }: DiffOptions,
): Promise<PolicyDiff> {
  const replay = createReplay(supergraph.schema, oldSet, newSet);
  const tally = createChangeTally();
  const counts = {
    events: 0,
    decisions: 0,
    changed: 0,
    unexplained: 0,
    refused: 0,
    mediated: 0,
    incomplete: 0,
    unreadable: 0,
  };
  const otherPolicySets = new Map<string, number>();
  const otherSupergraphs = new Map<string, number>();
  const unknownCoordinates = new Map<string, number>();

  for await (const { receipt, event, complete } of events) {
    counts.events += 1;
    onProgress?.(counts.events);
    if (!complete) counts.incomplete += 1;
    if (event === undefined) counts.unreadable += 1;
    if (event !== undefined && isRefusedWhole(event)) {
      counts.refused += event.subjects.length;
      continue;
    }
    for (const decision of event === undefined ? [] : decisionsOf(event, oldSet.hash)) {
      counts.decisions += 1;
      if (decision.mediated) counts.mediated += 1;
      if (event?.policySet !== oldSet.hash) increase(otherPolicySets, event?.policySet ?? '');
      if (event?.supergraph !== supergraph.hash) increase(otherSupergraphs, event?.supergraph ?? '');
      const { changes, explained, unknown } = replay(decision);
      if (!explained) counts.unexplained += 1;
      for (const coordinate of unknown) increase(unknownCoordinates, coordinate);
      if (changes.length === 0) continue;
      counts.changed += 1;
      tally.add(receipt, decision, changes);
      onChange?.({ receipt, at: event?.at ?? '', changes });
    }
  }

  const { events: read, decisions, changed, ...others } = counts;
  return {
    old: oldSet.hash,
    new: newSet.hash,
    events: read,
    decisions,
    changed,
    groups: tally.groups(),
    reservations: {
      otherPolicySets: Object.fromEntries(otherPolicySets),
      otherSupergraphs: Object.fromEntries(otherSupergraphs),
      unknownCoordinates: Object.fromEntries([...unknownCoordinates].sort()),
      ...others,
    },
  };
}

/** What a policy set decided in the event: nothing in refusals before there was a purpose, nor in imports. */
function decisionsOf(event: AccessEvent, oldHash: string): LoggedDecision[] {
  const { role = '', purpose = '', override, mediator, policySet, subjects } = event;
  if (policySet === undefined || !isRole(role) || !isPurposeOfUse(purpose)) return [];
  return subjects.map(({ released, withheld, policies }) => ({
    role,
    purpose,
    override,
    mediated: mediator !== undefined,
    released,
    withheld,
    policies: policySet === oldHash ? policies : undefined,
  }));
}

/** Policies refuse fields; a mutation falls with any of its fields, and says so by the fields' code. */
function isRefusedWhole({ refusal }: AccessEvent): boolean {
  return refusal !== undefined && refusal.code !== 'UNAUTHORIZED_FIELD_OR_TYPE';
}

function increase(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
