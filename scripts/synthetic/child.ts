import type { IdentityRecord } from '@contactpoint/directory/record';
import type { EducationRecord } from '@contactpoint/education/record';
import type { HealthRecord } from '@contactpoint/health/record';
import type { SocialCareRecord } from '@contactpoint/social-care/record';
import { daysAfter, TODAY } from './calendar.ts';
import type { Colleague } from './colleagues.ts';
import { makeEducation } from './education-record.ts';
import { makeHealth } from './health-record.ts';
import type { Household, Person } from './household.ts';
import { makeIdentity } from './identity-record.ts';
import { type CareHistory, makeSocialCare } from './social-care-record.ts';
import type { Workshop } from './workshop.ts';

/** What each agency holds of one child; an agency that holds nothing is absent. */
export interface MadeChild {
  readonly identity: IdentityRecord;
  readonly education?: EducationRecord | undefined;
  readonly health?: HealthRecord | undefined;
  readonly socialCare?: SocialCareRecord | undefined;
}

/** What a stock situation fixes; the dice decide the rest. */
export interface WantedChild {
  readonly history?: CareHistory | undefined;
  /** The social worker, where it is not to be anybody. */
  readonly worker?: Colleague;
  /** Mental and sexual health services, by consent. */
  readonly sensitive?: boolean;
  /** Something in every agency's record that a joined view can show. */
  readonly full?: boolean;
}

export function makeChild(
  workshop: Workshop,
  household: Household,
  person: Person,
  wanted: WantedChild = {},
): MadeChild {
  const { dice, places, colleagues } = workshop;
  const history = wanted.history ?? throwHistory(workshop, person);
  const worker = wanted.worker ?? dice.pick(colleagues.socialWorkers);
  const lead = person.school === undefined ? undefined : colleagues.safeguardingLeads[person.school];
  const clinicians =
    wanted.sensitive === true || (person.age > 11 && dice.chance(0.04))
      ? [dice.pick(colleagues.clinicians)]
      : [];

  const education = makeEducation(dice, places, person, lead, wanted.full === true ? { absent: true } : {});
  const health = makeHealth(workshop, person, {
    clinicians,
    full: wanted.full === true,
    sexualHealth: wanted.sensitive === true,
  });
  const socialCare = history === undefined ? undefined : makeSocialCare(dice, person, history, worker);
  const identity = makeIdentity(dice, places, colleagues, household, person, {
    education: education !== undefined,
    health: true,
    socialCare: socialCare !== undefined,
    worker: history === undefined || history === 'REFERRED' || history === 'EARLY_HELP' ? undefined : worker,
    sensitive: clinicians,
  });
  return { identity, education, health, socialCare };
}

/** Some three in a hundred children are in need at a time, and one of those in ten is protected or looked after. */
function throwHistory({ dice }: Workshop, person: Person): CareHistory | undefined {
  const oldEnough = person.dateOfBirth < daysAfter(TODAY, -80);
  if (!oldEnough || !dice.chance(0.12)) return undefined;
  return dice.pick([
    'REFERRED',
    'REFERRED',
    'EARLY_HELP',
    'EARLY_HELP',
    'IN_NEED',
    'IN_NEED',
    'PROTECTED',
    'LOOKED_AFTER',
  ]);
}
