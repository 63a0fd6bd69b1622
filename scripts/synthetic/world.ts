import type { AccreditationFeed } from '@contactpoint/accreditation/ingest';
import type { Broker, IdentityRecord } from '@contactpoint/directory/record';
import type { EducationIngest } from '@contactpoint/education/ingest';
import type { HealthIngest } from '@contactpoint/health/ingest';
import type { SocialCareRecord } from '@contactpoint/social-care/record';
import { type MadeChild, makeChild } from './child.ts';
import { accreditationOf, makeColleagues } from './colleagues.ts';
import { throwDice } from './dice.ts';
import { type Household, makeHousehold } from './household.ts';
import { makeEmptyIdentity } from './identity-record.ts';
import { startNumbering } from './numbering.ts';
import { AUTHORITY, makePlaces } from './places.ts';
import { makeScenarios, type Scenarios } from './scenarios.ts';
import type { Workshop } from './workshop.ts';

/** Everything that the agencies of one synthetic system hold. */
export interface World {
  readonly directory: readonly IdentityRecord[];
  readonly brokers: readonly Broker[];
  readonly education: EducationIngest;
  readonly health: HealthIngest;
  readonly socialCare: readonly SocialCareRecord[];
  readonly accreditation: AccreditationFeed;
  /** ContactPoint numbers of the stock situations. */
  readonly scenarios: Scenarios;
}

/** One child in so many is shielded, and as many have nothing stored: otherwise emptiness itself would mark the shielded. */
const SHIELDED_SHARE = 0.01;

/**
 * Makes a world of `children` children. The same seed gives the same children with the same numbers; only the accounts'
 * dates follow `now`, since accreditation lapses by the real calendar.
 */
export function makeWorld({
  seed,
  children,
  now,
}: {
  readonly seed: number;
  readonly children: number;
  readonly now: Date;
}): World {
  const dice = throwDice(seed);
  const places = makePlaces(dice);
  const workshop: Workshop = {
    dice,
    places,
    colleagues: makeColleagues(dice, places),
    numbering: startNumbering(),
  };
  const { stock, scenarios } = makeScenarios(workshop);
  const made = [...stock];

  const shielded = Math.round(children * SHIELDED_SHARE);
  for (let count = 0; count < shielded; count++) {
    const household = makeHousehold(dice, places, workshop.numbering, { size: 1 });
    made.push(...household.children.map((person) => shield(makeChild(workshop, household, person))));
    made.push(makeEmpty(workshop));
  }
  while (made.length < children) {
    const household = makeHousehold(dice, places, workshop.numbering);
    for (const person of household.children.slice(0, children - made.length)) {
      made.push(makeChild(workshop, household, person));
    }
  }
  return assemble(workshop, made, scenarios, now);
}

export function shield(child: MadeChild): MadeChild {
  return { ...child, identity: { ...child.identity, shielded: true } };
}

function makeEmpty({ dice, places, numbering }: Workshop): MadeChild {
  const household: Household = makeHousehold(dice, places, numbering, { size: 1 });
  const [person] = household.children;
  if (person === undefined) throw new Error('a household of one has a child');
  return { identity: makeEmptyIdentity(household, person, []) };
}

function assemble(
  { places, colleagues }: Workshop,
  made: readonly MadeChild[],
  scenarios: Scenarios,
  now: Date,
): World {
  return {
    directory: made.map(({ identity }) => identity),
    brokers: [{ authority: AUTHORITY, phone: '01632 960999' }],
    education: { schools: places.schools, children: made.flatMap(({ education }) => education ?? []) },
    health: { practices: places.practices, children: made.flatMap(({ health }) => health ?? []) },
    socialCare: made.flatMap(({ socialCare }) => socialCare ?? []),
    accreditation: accreditationOf(colleagues, places, now),
    scenarios,
  };
}
