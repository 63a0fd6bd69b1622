import type { Colleagues } from './colleagues.ts';
import type { Dice } from './dice.ts';
import type { Numbering } from './numbering.ts';
import type { Places } from './places.ts';

/** What the generator draws on while it makes children. */
export interface Workshop {
  readonly dice: Dice;
  readonly places: Places;
  readonly colleagues: Colleagues;
  readonly numbering: Numbering;
}
