import type { Sector } from '@contactpoint/access/sector';
import type { InvolvementRecord } from '@contactpoint/directory/record';
import { findPersona, type Persona, practitionerIdOf } from '../personas.ts';
import { daysAfter, TODAY } from './calendar.ts';
import { type MadeChild, makeChild, type WantedChild } from './child.ts';
import type { Colleague } from './colleagues.ts';
import { type Household, makeHousehold, makePerson, type Person } from './household.ts';
import { holdersOf, involvementOf, makeEmptyIdentity } from './identity-record.ts';
import type { Workshop } from './workshop.ts';

/** ContactPoint numbers of the stock situations, as `scenarios.json` names them. */
export interface Scenarios {
  /** All agencies hold data; the personas of `TEAM` know the child. */
  readonly joined: string;
  /** Data everywhere, no persona involved. */
  readonly unrelated: string;
  readonly shielded: string;
  /** As joined in relationships, and nothing stored beyond IDENTITY: the control of every silence. */
  readonly empty: string;
  /** As joined, with mental and sexual health services by consent. */
  readonly sensitive: string;
  /** One person's two identities, before and after; nothing stored links them. */
  readonly adopted: readonly [string, string];
  readonly twins: readonly [string, string];
}

/** Personas with a relationship to the joined child; the first is allocated. */
const TEAM: readonly { readonly persona: string; readonly sector: Sector; readonly service: string }[] = [
  { persona: 'social-worker', sector: 'SOCIAL_CARE', service: "Children's social care" },
  { persona: 'safeguarding-lead', sector: 'EDUCATION', service: 'Safeguarding in school' },
  { persona: 'teacher', sector: 'EDUCATION', service: 'Class teaching' },
  { persona: 'general-practitioner', sector: 'HEALTH', service: 'General practice' },
  { persona: 'reviewing-officer', sector: 'SOCIAL_CARE', service: 'Independent review' },
];

export function makeScenarios(workshop: Workshop): {
  readonly stock: readonly MadeChild[];
  readonly scenarios: Scenarios;
} {
  const personaWorker = colleagueOf('social-worker');
  const known: WantedChild = { history: 'PROTECTED', worker: personaWorker, full: true };
  const make = (wanted: WantedChild) => {
    const { household, person } = atThePersonas(workshop);
    return makeChild(workshop, household, person, wanted);
  };

  const joined = withTeam(workshop, make(known), true);
  const unrelated = make({ history: 'PROTECTED', full: true });
  const shieldedChild = withTeam(workshop, make(known), true);
  const shielded = { ...shieldedChild, identity: { ...shieldedChild.identity, shielded: true } };
  const empty = withTeam(workshop, makeEmptyOne(workshop), false);
  const sensitive = withTeam(workshop, make({ ...known, sensitive: true }), true);
  const before = neverLinked(make({ history: 'LOOKED_AFTER', full: true }));
  const after = neverLinked(makeAdopted(workshop, before));
  const twins = makeTwins(workshop);

  const ids = [joined, unrelated, shielded, empty, sensitive, before, after, ...twins].map(
    ({ identity }) => identity.id,
  );
  const [j, u, s, e, v, b, a, t1, t2] = ids as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return {
    stock: [joined, unrelated, shielded, empty, sensitive, before, after, ...twins],
    scenarios: {
      joined: j,
      unrelated: u,
      shielded: s,
      empty: e,
      sensitive: v,
      adopted: [b, a],
      twins: [t1, t2],
    },
  };
}

/** A child of ten at the personas' own school and practice. */
function atThePersonas(
  { dice, places, numbering }: Workshop,
  dateOfBirth?: string,
): { household: Household; person: Person } {
  const household = makeHousehold(dice, places, numbering, { size: 1 });
  const born = dateOfBirth ?? daysAfter(TODAY, -(10 * 365 + dice.between(0, 300)));
  const familyName = household.children[0]?.familyName ?? dice.faker.person.lastName();
  const made = makePerson(dice, places, numbering, { familyName, born, ethnicity: 'WBRI', practice: 0 });
  return { household, person: { ...made, school: 0 } };
}

/** Relationships as the joined child's, of which the directory shows none to anybody. */
function makeEmptyOne(workshop: Workshop): MadeChild {
  const { household, person } = atThePersonas(workshop);
  const holdings = { education: true, health: true, socialCare: true, worker: undefined, sensitive: [] };
  return { identity: makeEmptyIdentity(household, person, holdersOf(workshop.places, person, holdings)) };
}

/** One of two identities of a person, of which none may lead to the other. */
function neverLinked(child: MadeChild): MadeChild {
  return { ...child, identity: { ...child.identity, mergeBarred: true } };
}

/** The same person in another family: what an adoption leaves a child is the day of birth and the given names. */
function makeAdopted(workshop: Workshop, { identity }: MadeChild): MadeChild {
  const { givenNames, dateOfBirth, sex, ethnicity = 'NOBT', familyName } = identity;
  for (;;) {
    const { household, person } = atThePersonas(workshop, dateOfBirth);
    if (person.familyName === familyName) continue;
    return makeChild(workshop, household, { ...person, givenNames, sex, ethnicity }, { full: true });
  }
}

function makeTwins(workshop: Workshop): readonly MadeChild[] {
  for (;;) {
    const household = makeHousehold(workshop.dice, workshop.places, workshop.numbering, {
      size: 2,
      twins: true,
    });
    if (household.children.length === 2)
      return household.children.map((person) => makeChild(workshop, household, person));
  }
}

/** Gives the personas their relationships, and takes away the generator's own allocation of the persona's case. */
function withTeam({ dice }: Workshop, child: MadeChild, listed: boolean): MadeChild {
  const since = daysAfter(TODAY, -45);
  const team = TEAM.map(({ persona, sector, service }, index): InvolvementRecord => {
    const allocated = index === 0;
    return {
      ...involvementOf(dice, colleagueOf(persona), sector, service, since),
      allocated,
      isLead: allocated && listed,
      unlisted: !listed,
    };
  });
  const others = child.identity.involvements.filter(({ allocated }) => !allocated);
  return { ...child, identity: { ...child.identity, involvements: [...others, ...team] } };
}

function colleagueOf(name: string): Colleague {
  const persona = findPersona(name) as Persona;
  return {
    practitionerId: practitionerIdOf(name),
    name: persona.personName,
    role: persona.role,
    organisationId: persona.organisationId,
    phone: '01632 960100',
    email: `${persona.personName.toLowerCase().replace(/[^a-z]+/g, '.')}@example.org`,
  };
}
