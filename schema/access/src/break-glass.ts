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
  const without = attainable(decide, who, purpose, false);
  const broken = attainable(decide, who, purpose, true);
  return SECTORS.some((sector) =>
    SENSITIVITY_CLASSES.some((name) => without.of(sector, name).level !== broken.of(sector, name).level),
  );
}
