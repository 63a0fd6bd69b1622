import { unmetCoordinates } from '../../coordinate-rules.ts';
import { attainable, createDecider, type Decide } from '../../decide.ts';
import { judge, type Verdict } from '../../decision.ts';
import type { Facts } from '../../facts.ts';
import type { PolicySet } from '../../policy-set.ts';
import type { PurposeOfUse } from '../../purpose.ts';
import { ROLE_SECTORS, type Role } from '../../role.ts';
import { scopesOf } from '../../scope.ts';
import type { Place, ReplaySchema } from '../places.ts';
import type { LoggedDecision } from '../replay.ts';

/** An access as it happened: with the facts that its event will not hold. */
export interface Access {
  readonly role: Role;
  readonly purpose: PurposeOfUse;
  readonly override: boolean;
  readonly facts: Facts;
  /** Where the operation asked. */
  readonly places: readonly Place[];
}

/** One a set: deciders remember, and Cedar is slow. */
const deciders = new WeakMap<PolicySet, Decide>();

/**
 * Records an access as the gateway does: coordinate by coordinate, without saying in which place it was asked for. What is
 * released in one place and withheld in another stands in both lists.
 */
export function log(schema: ReplaySchema, policySet: PolicySet, access: Access): LoggedDecision {
  const { role, purpose, override, facts, places } = access;
  const decide = deciders.get(policySet) ?? createDecider(policySet);
  deciders.set(policySet, decide);
  const who = { role, sector: ROLE_SECTORS[role] };
  const unmet = unmetCoordinates(schema.rules, {
    authenticated: true,
    scopes: scopesOf(role),
    policies: new Set(),
  });
  const judgeDoor = ({ coordinate, sector, sensitivity }: Place['doors'][number]): Verdict => {
    if (unmet.has(coordinate)) return { released: false, reason: 'SCOPE', policies: [] };
    const best = judge(attainable(decide, who, purpose, override), sector, sensitivity);
    return best.released ? judge(decide(who, purpose, override, facts), sector, sensitivity) : best;
  };

  const verdicts = places.map(({ coordinate, doors }) => ({ coordinate, doors: doors.map(judgeDoor) }));
  const isOpen = (doors: readonly Verdict[]) => doors.every(({ released }) => released);
  const coordinatesOf = (open: boolean) =>
    new Set(verdicts.filter(({ doors }) => isOpen(doors) === open).map(({ coordinate }) => coordinate));
  return {
    role,
    purpose,
    override,
    mediated: false,
    released: [...coordinatesOf(true)].sort(),
    withheld: [...coordinatesOf(false)].sort(),
    policies: [...new Set(verdicts.flatMap(({ doors }) => doors.flatMap(({ policies }) => policies)))].sort(),
  };
}
