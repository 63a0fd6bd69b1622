import { attainable, type Decide } from '@contactpoint/access/decide';
import type { Facts } from '@contactpoint/access/facts';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLE_SECTORS, ROLES } from '@contactpoint/access/role';
import type { Sector } from '@contactpoint/access/sector';
import { SENSITIVITY_CLASSES } from '@contactpoint/access/sensitivity';

/** Facts that most requests meet. The others are decided when they are first met. */
const USUAL_FACTS: readonly Facts[] = [
  { relationship: 'ALLOCATED', shielded: false, ownRecord: true },
  { relationship: 'TEAM', shielded: false, ownRecord: true },
  { relationship: 'NONE', shielded: false, ownRecord: false },
];

const HELD: readonly Sector[] = ['DIRECTORY', 'EDUCATION', 'HEALTH', 'SOCIAL_CARE'];

/**
 * Makes the decisions that most requests need before the first request does: a cell that Cedar has not decided yet
 * costs milliseconds, and a joined view has some twenty.
 */
export function warmDecisions(decide: Decide): void {
  for (const role of ROLES) {
    const who = { role, sector: ROLE_SECTORS[role] };
    for (const purpose of Object.keys(PURPOSES) as PurposeOfUse[]) {
      const best = attainable(decide, who, purpose, false);
      if (best.of('DIRECTORY', 'IDENTITY').level === 'NONE') continue;
      for (const facts of USUAL_FACTS) {
        const decision = decide(who, purpose, false, facts);
        for (const sector of HELD) for (const name of SENSITIVITY_CLASSES) decision.of(sector, name);
      }
    }
  }
}
