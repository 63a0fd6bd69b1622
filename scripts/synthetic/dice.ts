import { en, en_GB, Faker } from '@faker-js/faker';

/** The generator's only source of chance: the same seed gives the same children. */
export interface Dice {
  readonly faker: Faker;
  /** True in `share` of all throws. */
  chance(share: number): boolean;
  /** Whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  pick<Item>(items: readonly Item[]): Item;
  bytes(count: number): Uint8Array;
}

export function throwDice(seed: number): Dice {
  const faker = new Faker({ locale: [en_GB, en], seed });
  const between = (least: number, most: number) => faker.number.int({ min: least, max: most });
  return {
    faker,
    between,
    chance: (share) => faker.number.float() < share,
    pick: (items) => faker.helpers.arrayElement([...items]),
    bytes: (count) => Uint8Array.from({ length: count }, () => between(0, 255)),
  };
}
