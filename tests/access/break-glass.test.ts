import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { askForEvents, auditedEvent, leafOf, readAskedLeaves } from './access-log.ts';
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
const TWO = /* GraphQL */ `
  query Two($a: ID!, $b: ID!) {
    a: child(id: $a) { familyName mentalHealthService { name } sexualHealthService { name } }
    b: child(id: $b) { familyName mentalHealthService { name } sexualHealthService { name } }
  }
`;
/** For what takes effect as soon as a gateway no longer believes what it was told. */
const SOON = { timeout: BELIEVED + 400, interval: 25 };

let system: TestSystem;
let windows: OverrideWindows;

beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { SUBGRAPH_TIMEOUT: '1500' } });
  windows = overrideWindows(system);
});
afterAll(async () => {
  await windows?.end();
  await system?.remove();
});
afterEach(() => windows.forget());

const view = (id: string) => ({ query: SEALED_VIEW, variables: { id } });
const breaking = (persona: string, more: Partial<Parameters<typeof breakingGlass>[2]> = {}) =>
  breakingGlass(system, persona, { ...view(system.scenarios.sensitive), ...more });
const reading = (persona: string, id = system.scenarios.sensitive) =>
  withoutBreaking(system, persona, view(id));

describe('break-glass', () => {
  test.each([
    [CLINICIAN, 'EC'],
    ['mash-screener', 'S47'],
    ['police-child-abuse', 'S47'],
  ])('opens to the %s what is sealed of one child', async (persona, purpose) => {
    expect(unsealed(await reading(persona))).toBe(false);
    const answer = await breaking(persona);
    expect(answer.status).toBe(200);
    expect(unsealed(answer)).toBe(true);
    expect(await windows.rows()).toMatchObject([
      { practitioner: `p-${persona}`, child: system.scenarios.sensitive, outcome: null },
    ]);

    const event = await auditedEvent(system, persona, answer);
    expect(event).toMatchObject({
      breakGlass: true,
      purpose,
      reason: 'Unconscious, nobody else knows the child',
    });
    const [subject] = event?.subjects ?? [];
    expect(subject?.released).toEqual(expect.arrayContaining(['Child.mentalHealthService']));
    expect(subject?.policies.filter((policy) => policy.endsWith('-override'))).toHaveLength(1);
  });

  test('is on record as intent before the window is opened, and as outcome before the answer', async () => {
    const known = (await readAskedLeaves(system)).length;
    const answer = await breaking(CLINICIAN);
    const events = (await readAskedLeaves(system)).slice(known).map(({ event }) => event);
    const evt = (await windows.rows())[0]?.evt;
    const { sensitive: child } = system.scenarios;
    expect(events).toMatchObject([
      { kind: 'intent', override: true, overrideWindows: [evt], subjects: [{ child, released: [] }] },
      { kind: 'outcome', override: true, overrideWindows: [evt], subjects: [{ child }] },
    ]);
    expect((await leafOf(system, answer)).event.kind).toBe('outcome');
  });

  test('raises one alert, by reference alone', async () => {
    await breaking('police-child-abuse');
    await reading('police-child-abuse');
    const query = `{ alerts { alerts { rule practitionerId organisationId note events { index } } } }`;
    const answer = await system.ask('auditor', { query });
    const [alert, ...more] = answer.body.data.alerts.alerts;
    expect(alert).toMatchObject({
      rule: 'BREAK_GLASS',
      practitionerId: 'p-police-child-abuse',
      organisationId: 'POLICE-01',
      events: [{ index: expect.any(String) }],
    });
    expect(more.filter(({ note }: { note: string }) => note === alert.note)).toEqual([]);
    expect(answer.text).not.toContain(system.scenarios.sensitive);
  });

  test('holds for the child without the header, and is on record each time', async () => {
    const opened = await breaking(CLINICIAN);
    const again = await reading(CLINICIAN);
    expect(unsealed(again)).toBe(true);
    expect(again.body).toEqual(opened.body);
    expect(await auditedEvent(system, CLINICIAN, again)).toMatchObject({ breakGlass: true });
    await breaking(CLINICIAN);
    expect(await windows.rows()).toHaveLength(1);
  });

  test('ends after an hour', async () => {
    await breaking(CLINICIAN);
    await windows.age('59 minutes');
    await expect.poll(async () => unsealed(await reading(CLINICIAN)), SOON).toBe(true);
    await windows.age('1 minute');
    await expect.poll(async () => unsealed(await reading(CLINICIAN)), SOON).toBe(false);
    const answer = await reading(CLINICIAN);
    expect(await auditedEvent(system, CLINICIAN, answer)).toMatchObject({ breakGlass: false });
    expect(unsealed(await breaking(CLINICIAN))).toBe(true);
    expect(await windows.rows()).toHaveLength(2);
  });

  test('opens no other child, not in the same operation either', async () => {
    const { sensitive, joined } = system.scenarios;
    await breakingGlass(system, CLINICIAN, view(joined));
    expect(unsealed(await reading(CLINICIAN, sensitive))).toBe(false);
    const variables = { a: joined, b: sensitive };
    const answer = await withoutBreaking(system, CLINICIAN, { query: TWO, variables });
    expect(unsealed(answer, 'b')).toBe(false);
    expect(answer.body.errors).toBeUndefined();
    const { subjects } = (await leafOf(system, answer)).event;
    const released = (id: string) => subjects.find(({ child }) => child === id)?.released;
    expect(released(joined)).toContain('Child.mentalHealthService');
    expect(released(sensitive)).not.toContain('Child.mentalHealthService');
  });

  test('opens nothing to anybody else', async () => {
    await breaking(CLINICIAN);
    for (const persona of ['mash-screener', 'police-child-abuse', 'social-worker', 'teacher'])
      expect(unsealed(await reading(persona))).toBe(false);
  });
});

describe('break-glass does not lift', () => {
  const PLACES = ['addresses', 'involvements'] as const;

  test('a shield', async () => {
    const { shielded, empty } = system.scenarios;
    const closed = await breakingGlass(system, 'mash-screener', view(empty));
    const open = await breakingGlass(system, 'mash-screener', view(shielded));
    expect((await windows.rows()).map(({ child }) => child)).toEqual([empty, shielded]);
    for (const place of PLACES) expect(open.body.data.child[place]).toBeNull();
    const ofPlaces = (reasons: Record<string, unknown>) =>
      Object.entries(reasons).filter(([path]) => PLACES.some((place) => path.includes(place)));
    expect(ofPlaces(reasonsOf(open))).toEqual(ofPlaces(reasonsOf(closed)));
    const { subjects } = (await leafOf(system, open)).event;
    expect(subjects[0]).toMatchObject({
      withheld: expect.arrayContaining(['Child.addresses', 'Child.involvements']),
      policies: expect.arrayContaining(['shield']),
    });
  });

  test.each([
    ['a purpose outside the row', CLINICIAN, { purpose: 'S47' }],
    ['a purpose of another role', 'mash-screener', { purpose: 'EC' }],
    ['a role that may not, though it is sealed only elsewhere', 'social-worker', {}],
    ['a missing relationship', 'social-worker', { variables: { id: 'unrelated' } }],
    ['a role that may not', 'teacher', {}],
    ['a role that opens no child', 'auditor', { purpose: 'AUD' }],
  ])('%s', async (_case, persona, more) => {
    const id = 'variables' in more ? system.scenarios.unrelated : system.scenarios.sensitive;
    const answer = await breaking(persona, { ...more, variables: { id } });
    expect([answer.status, codeOf(answer), reasonsOf(answer)]).toEqual([
      403,
      'UNAUTHORIZED_FIELD_OR_TYPE',
      { '': 'POLICY' },
    ]);
    expect(answer.body).not.toHaveProperty('data');
    expect(await windows.rows()).toEqual([]);
    expect((await leafOf(system, answer)).event).toMatchObject({ outcome: 'REFUSED', override: false });
  });

  test('the purpose under which the window was opened: another one opens what it would anyway', async () => {
    await breaking(CLINICIAN);
    const answer = await withoutBreaking(system, CLINICIAN, {
      ...view(system.scenarios.sensitive),
      purpose: 'DC',
    });
    expect(answer.body.data.child).toBeNull();
  });
});

describe('a request for break-glass that is none', () => {
  test.each([
    ['of 19 characters', 'x'.repeat(19)],
    ['of 19 characters and blanks', `   ${'x'.repeat(19)}   `],
  ])('is refused for a reason %s', async (_case, reason) => {
    const answer = await breaking(CLINICIAN, { reason });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'ACCESS_REASON_REQUIRED']);
    expect(await windows.rows()).toEqual([]);
  });

  test('is refused for another override than that', async () => {
    const answer = await breaking(CLINICIAN, { headers: { 'access-override': 'break-glass, please' } });
    expect([answer.status, codeOf(answer)]).toEqual([403, 'ACCESS_REASON_REQUIRED']);
  });

  const NAMED = 'familyName mentalHealthService { name }';
  const SEARCH =
    '{ findChildren(criteria: { familyName: "A", givenName: "B", dateOfBirth: "2015-01-01" }) { candidates { score } } }';
  test.each<[string, string]>([
    [
      'two children',
      `query ($a: ID!, $b: ID!) { a: child(id: $a) { ${NAMED} } b: child(id: $b) { ${NAMED} } }`,
    ],
    [
      'a second child in a fragment',
      `query ($a: ID!, $b: ID!) { a: child(id: $a) { ${NAMED} } ...More }
       fragment More on Query { ... { b: child(id: $b) { ${NAMED} } } }`,
    ],
    [
      'a second child by another door',
      `query ($a: ID!, $b: String!) { a: child(id: $a) { ${NAMED} }
       b: childByIdentifier(system: CONTACTPOINT, value: $b) { ${NAMED} } }`,
    ],
    [
      'a second child that is skipped',
      `query ($a: ID!, $b: ID!) { a: child(id: $a) { ${NAMED} } b: child(id: $b) @skip(if: true) { ${NAMED} } }`,
    ],
    ['no child', SEARCH],
    ['nothing of a person', '{ me { id } }'],
    ['a caseload', '{ myCaseload { children { familyName } } }'],
    [
      'a mutation',
      'mutation ($a: ID!) { endInvolvement(childId: $a, id: "x", endedOn: "2026-01-01") { familyName } }',
    ],
  ])('is refused that names %s', async (_case, query) => {
    const { sensitive, joined } = system.scenarios;
    const used = { $a: sensitive, $b: joined };
    const variables = Object.fromEntries(
      Object.entries(used).flatMap(([name, id]) => (query.includes(name) ? [[name.slice(1), id]] : [])),
    );
    const answer = await breaking(CLINICIAN, { query, variables });
    expect([answer.status, codeOf(answer)]).toEqual([400, 'BAD_REQUEST']);
    expect(answer.body).not.toHaveProperty('data');
    expect(await windows.rows()).toEqual([]);
  });
});

describe('where accreditation', () => {
  test('cannot keep the window, nothing opens', async () => {
    const { unrelated } = system.scenarios;
    const restore = await windows.failing('insert on override_window');
    const answer = await breakingGlass(system, CLINICIAN, view(unrelated)).finally(restore);
    expect([answer.status, codeOf(answer)]).toEqual([503, 'ACCESS_UNDECIDED']);
    expect(answer.body).not.toHaveProperty('data');
    expect(await windows.rows()).toEqual([]);
    expect(unsealed(await reading(CLINICIAN, unrelated))).toBe(false);

    const { events } = await askForEvents(system, { practitionerId: `p-${CLINICIAN}` });
    expect(events[1]).toMatchObject({ outcome: 'REFUSED', breakGlass: true });
  });

  test('does not answer, nothing opens', async () => {
    await reading(CLINICIAN);
    const accreditation = system.services.get('accreditation');
    accreditation?.kill('SIGSTOP');
    const answer = await breaking(CLINICIAN).finally(() => accreditation?.kill('SIGCONT'));
    expect([answer.status, codeOf(answer)]).toEqual([503, 'ACCESS_UNDECIDED']);
    expect(answer.body).not.toHaveProperty('data');
  });
});
