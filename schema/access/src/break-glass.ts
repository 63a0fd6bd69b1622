import type { Who } from './access-question.ts';
import { attainable, type Decide } from './decide.ts';
import type { PurposeOfUse } from './purpose.ts';
import { SECTORS } from './sector.ts';
import { SENSITIVITY_CLASSES } from './sensitivity.ts';

/**
 * Whether break-glass could open anything to the role for this purpose. Where it could not, a window would open nothing
 * and owe a review all the same.
 */
export function breakGlassOpens(decide: Decide, who: Who, purpose: PurposeOfUse): boolean {
  const broken = attainable(decide, who, purpose, true);
  // Without the identity nothing of a child is shown at all.
  if (broken.grantFor('DIRECTORY').IDENTITY === undefined) return false;
  const without = attainable(decide, who, purpose, false);
  return SECTORS.some((sector) => {
    const [narrow, wide] = [without.grantFor(sector), broken.grantFor(sector)];
    return SENSITIVITY_CLASSES.some((name) => narrow[name] !== wide[name]);
  });
}
