import type { ClassDecision, Decision, Level, WithheldReason } from './decision.ts';
import type { Sector } from './sector.ts';
import { type ClassGrant, SENSITIVITY_CLASSES, type SensitivityClass } from './sensitivity.ts';

/**
 * What both of two callers may read of one child, where one reads for the other: in each cell the lesser of the two.
 *
 * Whether a denial is silent follows from both apparent levels and from nothing else. To be silent as soon as one of the
 * two is would tell a shield: the same request for a child without one names the other's reason.
 */
export function lesser(one: Decision, other: Decision): Decision {
  const known = KEPT.get(one)?.get(other);
  if (known !== undefined) return known;
  const both = lesserOf(one, other);
  const others = KEPT.get(one) ?? new WeakMap<Decision, Decision>();
  KEPT.set(one, others.set(other, both));
  return both;
}

/** Two decisions that are remembered have a lesser one that is: the same circumstances give the same object here too. */
const KEPT = new WeakMap<Decision, WeakMap<Decision, Decision>>();

function lesserOf(one: Decision, other: Decision): Decision {
  const cells = new Map<string, ClassDecision>();
  const of = (sector: Sector, name: SensitivityClass) => {
    const key = `${sector} ${name}`;
    let cell = cells.get(key);
    if (cell === undefined) {
      cell = lesserCell(one.of(sector, name), other.of(sector, name));
      cells.set(key, cell);
    }
    return cell;
  };
  return {
    of,
    grantFor(sector): ClassGrant {
      const levels = SENSITIVITY_CLASSES.map((name) => [name, of(sector, name).level] as const);
      return Object.fromEntries(levels.filter(([, level]) => level !== 'NONE'));
    },
  };
}

function lesserCell(one: ClassDecision, other: ClassDecision): ClassDecision {
  return {
    level: lesserLevel(one.level, other.level),
    apparentLevel: lesserLevel(one.apparentLevel, other.apparentLevel),
    reason: firstReason(one.reason, other.reason),
    minimalReason: firstReason(one.minimalReason, other.minimalReason),
    policies: [...new Set([...one.policies, ...other.policies])].sort(),
  };
}

const LEVELS: readonly Level[] = ['NONE', 'MINIMAL', 'FULL'];

function lesserLevel(one: Level, other: Level): Level {
  return LEVELS.indexOf(one) < LEVELS.indexOf(other) ? one : other;
}

/** In which reasons are looked for. */
const REASONS: readonly WithheldReason[] = ['SCOPE', 'POLICY', 'PURPOSE', 'RELATIONSHIP'];

/** A caller without a reason is apparently allowed what is asked, so the reason is the other one's. */
function firstReason(
  one: WithheldReason | undefined,
  other: WithheldReason | undefined,
): WithheldReason | undefined {
  return REASONS.find((reason) => reason === one || reason === other);
}
