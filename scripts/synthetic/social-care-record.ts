import { emptyRecord, type SocialCareRecord } from '@contactpoint/social-care/record';
import { daysAfter, TODAY } from './calendar.ts';
import type { Colleague } from './colleagues.ts';
import type { Dice } from './dice.ts';
import type { Person } from './household.ts';

/** How far social care's work with a child went. */
export type CareHistory = 'REFERRED' | 'EARLY_HELP' | 'IN_NEED' | 'PROTECTED' | 'LOOKED_AFTER';

const SOURCES = ['1A', '2A', '3A', '3C', '4', '5B', '6', '8'];
const NEEDS = ['N1', 'N2', 'N3', 'N4', 'N5', 'N6', 'N8'];
const ABUSE = ['NEG', 'PHY', 'EMO', 'SAB', 'MUL'];
const FACTORS = ['1A', '2B', '3B', '4B', '7A', '16A', '18B', '19B'];

export function makeSocialCare(
  dice: Dice,
  person: Person,
  history: CareHistory,
  worker: Colleague,
): SocialCareRecord {
  const youngest = Math.min(500, daysOld(person) - 10);
  const referredOn = daysAfter(TODAY, -dice.between(Math.min(60, youngest), youngest));
  const closed = history === 'REFERRED';
  const need = dice.pick(NEEDS);
  const record: SocialCareRecord = {
    ...emptyRecord(person.id),
    supportStatus: history === 'EARLY_HELP' ? 'EARLY_HELP' : null,
    allocatedWorker: closed
      ? null
      : {
          name: worker.name,
          role: 'Social worker',
          organisation: 'Brackenshire County Council',
          phone: worker.phone,
          email: worker.email,
        },
    team: closed
      ? null
      : dice.pick(['Assessment', 'Safeguarding North', 'Safeguarding South', 'Looked after children']),
    disabilities: dice.chance(0.1) ? [dice.pick(['LD', 'AUT', 'MOB', 'COMM'])] : [],
    referrals: [
      {
        receivedOn: referredOn,
        source: dice.pick(SOURCES),
        primaryNeed: need,
        noFurtherAction: closed,
        closedOn: closed || history === 'EARLY_HELP' ? daysAfter(referredOn, 20) : null,
        closureReason: closed || history === 'EARLY_HELP' ? 'RC8' : null,
        initialConferenceOn: null,
      },
    ],
  };
  if (closed || history === 'EARLY_HELP') return record;
  const assessed: SocialCareRecord = {
    ...record,
    assessments: [
      {
        startedOn: daysAfter(referredOn, 2),
        authorisedOn: daysAfter(referredOn, 30),
        factors: [dice.pick(FACTORS)],
      },
    ],
  };
  if (history === 'IN_NEED') return assessed;
  const guarded = withProtection(dice, assessed, referredOn);
  return history === 'PROTECTED' ? guarded : withCare(dice, guarded, referredOn, need);
}

function withProtection(dice: Dice, record: SocialCareRecord, referredOn: string): SocialCareRecord {
  const category = dice.pick(ABUSE);
  const conferenceOn = daysAfter(referredOn, 18);
  return {
    ...record,
    section47Enquiries: [
      {
        startedOn: daysAfter(referredOn, 3),
        initialConferenceOn: conferenceOn,
        conferenceNotRequired: false,
      },
    ],
    childProtectionPlans: [
      { startedOn: conferenceOn, endedOn: null, initialCategory: category, latestCategory: category },
    ],
    reviews: [{ kind: 'CHILD_PROTECTION', heldOn: daysAfter(conferenceOn, 15), participation: null }],
  };
}

function withCare(dice: Dice, record: SocialCareRecord, referredOn: string, need: string): SocialCareRecord {
  const startedOn = daysAfter(referredOn, 25);
  return {
    ...record,
    childProtectionPlans: record.childProtectionPlans.map((plan) => ({
      ...plan,
      endedOn: daysAfter(startedOn, 5),
    })),
    previousPermanence: 'Z1',
    convictions: false,
    careEpisodes: [
      {
        startedOn,
        endedOn: null,
        startReason: 'S',
        legalStatus: dice.pick(['C1', 'C2', 'V2']),
        primaryNeed: need,
        placementType: dice.pick(['U1', 'U4', 'U6', 'K2']),
        provider: dice.pick(['PR1', 'PR4']),
        postcode: `QZ${dice.between(1, 8)} ${dice.between(1, 9)}AA`,
        endReason: null,
        placementChangeReason: null,
      },
    ],
    missingEpisodes: dice.chance(0.15)
      ? [
          {
            startedOn: daysAfter(startedOn, 8),
            endedOn: daysAfter(startedOn, 9),
            returnInterviewOffered: true,
          },
        ]
      : [],
    reviews: [
      ...record.reviews,
      {
        kind: 'LOOKED_AFTER',
        heldOn: daysAfter(startedOn, 20),
        participation: dice.pick(['PN1', 'PN3', 'PN6']),
      },
    ],
  };
}

function daysOld({ dateOfBirth }: Person): number {
  return Math.floor((Date.parse(TODAY) - Date.parse(dateOfBirth)) / 86_400_000);
}
