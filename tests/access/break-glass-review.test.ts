import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { askForEvents, readAskedLeaves, receiptOf } from './access-log.ts';
import {
  BELIEVED,
  breakingGlass,
  type OverrideWindows,
  overrideWindows,
  SEALED_VIEW,
  unsealed,
  withoutBreaking,
} from './override-windows.ts';
import { codeOf, reasonsOf } from './reasons.ts';

const CLINICIAN = 'emergency-clinician';
const NOTE = 'Asked the ward, and looked at the rota of that night.';
const REVIEW = /* GraphQL */ `
  mutation Review($origin: String!, $index: String!, $outcome: OverrideOutcome!, $note: String!) {
    reviewOverride(origin: $origin, index: $index, outcome: $outcome, note: $note) { index breakGlass }
  }
`;
const RESTORE = `mutation ($id: ID!, $reason: String!) {
  restoreAccess(practitionerId: $id, reason: $reason) { status } }`;

let system: TestSystem;
let windows: OverrideWindows;

beforeAll(async () => {
  system = await startTestSystem();
  windows = overrideWindows(system);
});
afterAll(async () => {
  await windows?.end();
  await system?.remove();
});
afterEach(() => windows.forget());

const view = (id = system.scenarios.sensitive) => ({ query: SEALED_VIEW, variables: { id } });
const breaking = (persona = CLINICIAN, id?: string) => breakingGlass(system, persona, view(id));
const reading = (persona = CLINICIAN) => withoutBreaking(system, persona, view());
const review = (answer: Answer, outcome: string, persona = 'auditor') =>
  system.ask(persona, { query: REVIEW, variables: { ...receiptOf(answer), outcome, note: NOTE } });
const restore = (persona = CLINICIAN) =>
  system.ask('accreditation-officer', {
    query: RESTORE,
    variables: { id: `p-${persona}`, reason: 'The review was a test of the review' },
  });
const outcomes = async () => (await windows.rows()).map(({ outcome }) => outcome);

describe('an unjustified access', () => {
  test('suspends the account before the reviewer is answered: a token of a second ago gives nothing', async () => {
    const answer = await breaking();
    expect(unsealed(await reading())).toBe(true);
    const known = (await readAskedLeaves(system)).length;
    const reviewed = await review(answer, 'UNJUSTIFIED');
    expect(reviewed.body).toEqual({
      data: { reviewOverride: { index: receiptOf(answer).index, breakGlass: true } },
    });

    for (const ask of [reading, breaking]) {
      const refused = await ask();
      expect([refused.status, codeOf(refused)]).toEqual([403, 'ACCREDITATION_LAPSED']);
      expect(refused.body.errors?.[0]?.extensions).toMatchObject({ requirement: 'SUSPENDED' });
      expect(refused.body).not.toHaveProperty('data');
    }
    expect(await outcomes()).toEqual(['UNJUSTIFIED']);

    const { origin, index } = receiptOf(answer);
    const reason = `Break-glass access ${origin} ${index} was found unjustified`;
    expect(await windows.historyOf(`p-${CLINICIAN}`)).toEqual([{ act: 'SUSPEND', actor: 'gateway', reason }]);
    const leaves = (await readAskedLeaves(system)).slice(known);
    const own = leaves.filter(({ event }) => event.practitioner === 'gateway');
    expect(own.map(({ event }) => event)).toMatchObject([
      { kind: 'intent', reason, operation: { name: 'SuspendAccess' } },
      { kind: 'outcome', reason, outcome: 'RELEASED', jtis: [expect.any(String)] },
    ]);
    expect(own.map(({ text }) => text).join()).not.toContain(system.scenarios.sensitive);
  });

  test('ends its window for good, also for an account that is restored within the hour', async () => {
    await restore();
    expect((await reading()).status).toBe(200);
    await review(await breaking(), 'UNJUSTIFIED');
    expect((await restore()).body.data.restoreAccess.status).toBe('ACTIVE');
    await expect.poll(async () => (await reading()).status, { timeout: 2_000 }).toBe(200);
    expect(unsealed(await reading())).toBe(false);
  });

  test('stays owed while accreditation cannot suspend, and is made up for', async () => {
    const heal = await windows.failing('update on practitioner');
    const answer = await breaking('police-child-abuse');
    const reviewed = await review(answer, 'UNJUSTIFIED');
    expect(reviewed.body.errors).toBeUndefined();
    expect((await reading('police-child-abuse')).status).toBe(200);
    await heal();
    await expect
      .poll(async () => (await reading('police-child-abuse')).status, { timeout: 15_000, interval: 250 })
      .toBe(403);
    await restore('police-child-abuse');
  });

  test('is made up for by a gateway that starts, where another one died on the way', async () => {
    await expect.poll(async () => (await reading('police-child-abuse')).status).toBe(200);
    const heal = await windows.failing('update on override_window');
    await review(await breaking('police-child-abuse'), 'UNJUSTIFIED');
    system.services.get('gateway')?.kill('SIGKILL');
    await heal();
    await system.restart('gateway');
    await expect
      .poll(async () => (await reading('police-child-abuse')).status, { timeout: 5_000, interval: 100 })
      .toBe(403);
    expect(await outcomes()).toEqual(['UNJUSTIFIED']);
    await restore('police-child-abuse');
  });
});

describe('a justified access', () => {
  test('owes nothing any more, and keeps its hour', async () => {
    const answer = await breaking('mash-screener');
    expect((await review(answer, 'JUSTIFIED')).body.errors).toBeUndefined();
    expect(await outcomes()).toEqual(['JUSTIFIED']);
    expect(unsealed(await reading('mash-screener'))).toBe(true);
  });

  test('is reviewed by whichever of the window’s events', async () => {
    await breaking('mash-screener');
    await review(await reading('mash-screener'), 'JUSTIFIED');
    expect(await outcomes()).toEqual(['JUSTIFIED']);
  });
});

describe('an overdue review', () => {
  test('refuses the next break-glass, and nothing else, until it is made', async () => {
    const first = await breaking('mash-screener');
    await windows.age('71 hours 59 minutes');
    const { joined, unrelated } = system.scenarios;
    await expect.poll(async () => unsealed(await reading('mash-screener')), { timeout: 2_000 }).toBe(false);
    expect((await breaking('mash-screener', joined)).status).toBe(200);

    await windows.age('1 minute');
    const refused = await breaking('mash-screener', unrelated);
    expect([refused.status, codeOf(refused), reasonsOf(refused)]).toEqual([
      403,
      'UNAUTHORIZED_FIELD_OR_TYPE',
      { '': 'POLICY' },
    ]);
    expect(refused.body.errors?.[0]?.message).toContain('overdue');
    expect(refused.body).not.toHaveProperty('data');
    expect(await windows.rows()).toHaveLength(2);
    const { events } = await askForEvents(system, { practitionerId: 'p-mash-screener' });
    expect(events[0]).toMatchObject({ outcome: 'REFUSED', breakGlass: false });
    expect((await reading('mash-screener')).status).toBe(200);
    expect((await breaking(CLINICIAN, unrelated)).status).toBe(200);

    await review(first, 'JUSTIFIED');
    expect((await breaking('mash-screener', unrelated)).status).toBe(200);
  });
});

describe('nobody else closes a review', () => {
  test.each([
    ['who broke the glass', CLINICIAN],
    ['an administrator', 'administrator'],
    ['an accreditation officer', 'accreditation-officer'],
    ['a colleague', 'mash-screener'],
  ])('not %s', async (_case, persona) => {
    const answer = await breaking();
    const refused = await review(answer, 'JUSTIFIED', persona);
    expect(refused.body.data?.reviewOverride ?? null).toBeNull();
    expect(reasonsOf(refused)).toMatchObject({ reviewOverride: 'SCOPE' });
    await new Promise((over) => setTimeout(over, BELIEVED));
    expect(await outcomes()).toEqual([null]);
  });

  test('nor one that was closed', async () => {
    const answer = await breaking();
    await review(answer, 'JUSTIFIED');
    const again = await review(answer, 'UNJUSTIFIED');
    expect(codeOf(again)).toBe('BAD_USER_INPUT');
    expect((await reading()).status).toBe(200);
  });
});
