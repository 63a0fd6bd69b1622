import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { Facts } from '../facts.ts';
import { loadPolicySet, type PolicySet } from '../policy-set.ts';
import { createReplay, type LoggedDecision, type Replay } from './replay.ts';
import { agencies } from './testing/agencies.ts';
import { type ChangedPolicies, changedPolicies } from './testing/changed-policies.ts';
import { type Access, log } from './testing/logged.ts';

const schema = agencies();
const places = [...schema.places.values()].flat();
const current = loadPolicySet();

const folders: ChangedPolicies[] = [];
afterAll(() => {
  for (const { remove } of folders) remove();
});

function setWith(changes: Readonly<Record<string, string | undefined>>): PolicySet {
  const changed = changedPolicies(changes);
  folders.push(changed);
  return loadPolicySet(changed.folder);
}

const withoutHealth = setWith({ 'social-worker-s47-minimal': undefined });
const strictShield = setWith({
  shield:
    '@id("shield") forbid (principal, action, resource) when { context.shielded && resource.class in [Class::"LOCATION", Class::"INVOLVEMENT"] };',
});
const openTeacher = setWith({
  more: `@id("more") permit (principal, action in Action::"read", resource) when {
    principal.role == Role::"teacher" && context.purpose == Purpose::"ED" && resource.class == Class::"INVOLVEMENT" };`,
});
/** Few sets and callers, since each new circumstance costs Cedar some milliseconds. */
const sets = [current, strictShield, openTeacher];

const CALLERS = [
  ['social-worker', 'S47'],
  ['teacher', 'ED'],
  ['auditor', 'AUD'],
] as const;

/** One a pair of sets, for Cedar is slow. */
const replays = new Map<PolicySet, Map<PolicySet, Replay>>();

function replayOf(oldSet: PolicySet, newSet: PolicySet): Replay {
  const known = replays.get(oldSet) ?? new Map<PolicySet, Replay>();
  replays.set(oldSet, known);
  const replay = known.get(newSet) ?? createReplay(schema, oldSet, newSet);
  known.set(newSet, replay);
  return replay;
}

const team: Facts = { relationship: 'TEAM', shielded: false, ownRecord: true };

function at(coordinate: string, subjectField?: string) {
  const found = schema.places
    .get(coordinate)
    ?.filter((place) => subjectField === undefined || place.subjectField === subjectField);
  if (found?.length !== 1) throw new Error(`${found?.length ?? 0} places of ${coordinate}`);
  return found;
}

function access(more: Partial<Access>): Access {
  return { role: 'social-worker', purpose: 'S47', override: false, facts: team, places: [], ...more };
}

describe('replay', () => {
  test('a permit that is taken out closes what it alone opened', () => {
    const replay = createReplay(schema, current, withoutHealth);
    const asked = [...at('Child.missedAppointments'), ...at('Child.conditions'), ...at('Child.familyName')];
    expect(replay(log(schema, current, access({ places: asked })))).toEqual({
      changes: [
        {
          coordinate: 'Child.missedAppointments',
          class: 'SPECIAL',
          sectors: ['HEALTH'],
          effect: 'CLOSES',
          certainty: 'WOULD',
          oldPolicies: ['social-worker-s47', 'social-worker-s47-minimal'],
          newPolicies: ['social-worker-s47'],
        },
      ],
      explained: true,
      unknown: [],
    });
  });

  test('the same permit was not needed by another role, nor for what it withheld anyway', () => {
    const replay = createReplay(schema, current, withoutHealth);
    const clinician = access({ role: 'emergency-clinician', purpose: 'EC', places });
    expect(replay(log(schema, current, clinician)).changes).toEqual([]);
    const stranger = access({ facts: { ...team, relationship: 'NONE' }, places });
    expect(replay(log(schema, current, stranger)).changes).toEqual([]);
  });

  test('what the log does not say makes a change possible, not sure', () => {
    const replay = createReplay(schema, current, strictShield);
    const allocated = access({
      facts: { ...team, relationship: 'ALLOCATED' },
      places: at('Child.addresses'),
    });
    expect(replay(log(schema, current, allocated)).changes).toMatchObject([
      {
        coordinate: 'Child.addresses',
        effect: 'CLOSES',
        certainty: 'COULD',
        newPolicies: expect.arrayContaining(['shield']),
      },
    ]);
  });

  test('the policies on record tell a shield from a missing relationship', () => {
    const unshielded = setWith({
      shield:
        '@id("shield") forbid (principal, action, resource) when { context.shielded && resource.class == Class::"SEALED" };',
    });
    const replay = createReplay(schema, current, unshielded);
    const asked = [...at('Child.addresses')];
    const shielded = log(schema, current, access({ facts: { ...team, shielded: true }, places: asked }));
    expect(replay(shielded).changes).toMatchObject([
      { effect: 'OPENS', certainty: 'WOULD', oldPolicies: ['shield', 'social-worker-s47'] },
    ]);
    expect(replay({ ...shielded, policies: undefined }).changes).toMatchObject([{ certainty: 'COULD' }]);
    const stranger = access({ facts: { ...team, relationship: 'NONE' }, places: asked });
    expect(replay(log(schema, current, stranger)).changes).toEqual([]);
  });

  test('a coordinate that stands in several places changes with those that were asked for', () => {
    const closed = setWith({
      x: '@id("x") forbid (principal, action, resource) when { resource.sector == Sector::"SOCIAL_CARE" && resource.class == Class::"INVOLVEMENT" };',
    });
    const replay = createReplay(schema, current, closed);
    const inOne = [...at('Child.involvements'), ...at('Contact.name', 'Child.involvements')];
    expect(replay(log(schema, current, access({ places: inOne }))).changes).toEqual([]);
    const inBoth = [...inOne, ...at('Child.socialCare'), ...at('Contact.name', 'Child.socialCare')];
    // That social care's was among them is likely, and not on record.
    expect(replay(log(schema, current, access({ places: inBoth }))).changes).toMatchObject([
      { coordinate: 'Contact.name', sectors: ['SOCIAL_CARE'], certainty: 'COULD' },
    ]);
    const other = [...at('Child.socialCare'), ...at('Contact.name', 'Child.socialCare')];
    expect(replay(log(schema, current, access({ places: other }))).changes).toMatchObject([
      { coordinate: 'Contact.name', sectors: ['SOCIAL_CARE'], certainty: 'WOULD' },
    ]);
  });

  test('what was released in one place closes, and what was withheld in another opens', () => {
    const forbidden = (sectors: string) =>
      `@id("x") forbid (principal, action, resource) when { ${sectors} && resource.class == Class::"INVOLVEMENT" };`;
    const inOne = setWith({ x: forbidden('resource.sector == Sector::"SOCIAL_CARE"') });
    const inBoth = setWith({ x: forbidden('true') });
    const asked = ['Child.involvements', 'Child.socialCare'].flatMap((field) => [
      ...at(field),
      ...at('Contact.name', field),
    ]);
    const logged = log(schema, inOne, access({ places: asked }));
    expect(logged.released).toContain('Contact.name');
    expect(logged.withheld).toEqual(['Contact.name']);
    expect(createReplay(schema, inOne, inBoth)(logged)).toMatchObject({
      explained: true,
      changes: [
        { coordinate: 'Child.involvements', effect: 'CLOSES', certainty: 'WOULD' },
        { coordinate: 'Contact.name', sectors: ['DIRECTORY'], effect: 'CLOSES', certainty: 'WOULD' },
      ],
    });
    expect(createReplay(schema, inOne, current)(logged)).toMatchObject({
      explained: true,
      changes: [
        { coordinate: 'Contact.name', sectors: ['SOCIAL_CARE'], effect: 'OPENS', certainty: 'WOULD' },
      ],
    });
  });

  test('what lies between a field of the child and what is asked for below it has to be open too', () => {
    const [place] = at('Organisation.name', 'Child.socialCare');
    expect(place?.doors.map(({ coordinate }) => coordinate)).toEqual([
      ...['Child.id', 'Child.socialCare', 'SocialCare.allocatedWorker'],
      ...['Contact.organisation', 'Organisation.name'],
    ]);
  });

  test('no policy opens what a scope keeps closed', () => {
    const all = setWith({ all: '@id("all") permit (principal, action, resource);' });
    const replay = createReplay(schema, current, all);
    const decision = log(
      schema,
      current,
      access({ places: [...at('Child.flagged'), ...at('Child.conditions')] }),
    );
    expect(replay(decision).changes.map(({ coordinate }) => coordinate)).toEqual(['Child.conditions']);
  });

  test('what was withheld from a mediated caller may have been so for the mediator', () => {
    const replay = createReplay(schema, current, openTeacher);
    // The address is there, so the child has no shield.
    const asked = [...at('Child.addresses'), ...at('Child.involvements')];
    const logged = log(schema, current, access({ role: 'teacher', purpose: 'ED', places: asked }));
    expect(replay(logged).changes).toMatchObject([{ effect: 'OPENS', certainty: 'WOULD' }]);
    const mediated = { ...logged, mediated: true };
    expect(replay(mediated).changes).toMatchObject([{ effect: 'OPENS', certainty: 'COULD' }]);
    const lesser = { ...mediated, released: [], withheld: ['Child.addresses', 'Child.involvements'] };
    expect(replay(lesser).explained).toBe(true);
  });

  test('break-glass in an event about several children may have been for one of them', () => {
    const sealedShut = setWith({ 'emergency-clinician-ec-override': undefined });
    const replay = createReplay(schema, current, sealedShut);
    const broken = access({
      role: 'emergency-clinician',
      purpose: 'EC',
      override: true,
      places: at('Child.mentalHealthService'),
    });
    expect(replay(log(schema, current, broken)).changes).toMatchObject([
      { effect: 'CLOSES', certainty: 'WOULD' },
    ]);
    const unbroken = { ...log(schema, current, { ...broken, override: false }), override: true };
    expect(replay(unbroken)).toMatchObject({ explained: true, changes: [] });
  });

  test('says what it cannot compare', () => {
    const replay = createReplay(schema, current, withoutHealth);
    const decision: LoggedDecision = {
      ...log(schema, current, access({ places: at('Child.missedAppointments') })),
      released: ['Child.gone', 'Contact.name', 'Child.missedAppointments'],
    };
    expect(replay(decision)).toMatchObject({ explained: true, unknown: ['Child.gone', 'Contact.name'] });
  });

  test('what OLD could not have decided is compared for all that may have held, and never sure', () => {
    const decision = {
      ...log(schema, current, access({ places })),
      released: ['Child.conditions'],
      withheld: ['Child.missedAppointments'],
    };
    const replayed = createReplay(schema, current, withoutHealth)(decision);
    expect(replayed).toMatchObject({ explained: false, changes: [] });
    const opposite = createReplay(schema, withoutHealth, current)(decision);
    expect(opposite).toMatchObject({
      explained: false,
      changes: [{ coordinate: 'Child.missedAppointments', effect: 'OPENS', certainty: 'COULD' }],
    });
  });
});

/** Milliseconds: it is Cedar that takes them, and a busy machine. */
const LONG = 90_000;

describe('for every access', { timeout: LONG }, () => {
  const accesses: fc.Arbitrary<Access> = fc
    .record({
      caller: fc.constantFrom(...CALLERS),
      override: fc.boolean(),
      facts: fc.record({
        relationship: fc.constantFrom('ALLOCATED', 'TEAM', 'NONE'),
        shielded: fc.boolean(),
        ownRecord: fc.boolean(),
      }),
      places: fc
        .subarray(places, { minLength: 1 })
        .map((some) => [
          ...new Set([...some, ...some.flatMap(({ subjectField }) => at(subjectField, subjectField))]),
        ]),
    })
    .map(({ caller: [role, purpose], ...access }) => ({ role, purpose, ...access }));
  const pairs = fc.tuple(fc.constantFrom(...sets), fc.constantFrom(...sets));
  const runs = { numRuns: 40 };

  test('the same set changes nothing, and explains what it decided', () => {
    fc.assert(
      fc.property(accesses, fc.constantFrom(...sets), (asked, set) => {
        const replayed = replayOf(set, set)(log(schema, set, asked));
        expect(replayed).toEqual({ changes: [], explained: true, unknown: [] });
      }),
      runs,
    );
  });

  test('nothing that changes is missed, and what would change does', () => {
    fc.assert(
      fc.property(accesses, pairs, (asked, [oldSet, newSet]) => {
        const { changes } = replayOf(oldSet, newSet)(log(schema, oldSet, asked));
        const found = new Map(
          changes.map(({ coordinate, effect, certainty }) => [`${coordinate} ${effect}`, certainty]),
        );
        const changed = new Set(
          asked.places.flatMap((place) => {
            const isOpen = (set: PolicySet) =>
              log(schema, set, { ...asked, places: [place] }).released.length > 0;
            if (isOpen(oldSet) === isOpen(newSet)) return [];
            return [`${place.coordinate} ${isOpen(newSet) ? 'OPENS' : 'CLOSES'}`];
          }),
        );
        for (const change of changed) expect(found.has(change)).toBe(true);
        for (const [change, certainty] of found) if (certainty === 'WOULD') expect(changed).toContain(change);
      }),
      runs,
    );
  });

  test('a permit that is taken out is missed by those who relied on it, and by nobody else', () => {
    const replay = replayOf(current, withoutHealth);
    fc.assert(
      fc.property(accesses, (asked) => {
        const before = log(schema, current, asked);
        const relied =
          before.released.includes('Child.missedAppointments') &&
          before.policies?.includes('social-worker-s47-minimal');
        const { changes } = replay(before);
        expect(changes.map(({ coordinate, certainty }) => [coordinate, certainty])).toEqual(
          relied ? [['Child.missedAppointments', 'WOULD']] : [],
        );
      }),
      runs,
    );
  });
});
