import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForEvents } from '../access/access-log.ts';
import { reasonsOf } from '../access/reasons.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { openPlacedEvents, type PlacedEvents } from './placed-events.ts';
import { at, workingDay } from './working-days.ts';

const FIGURES = `query Figures($day: Date!) {
  accessFigures(from: $day, to: $day, by: [ORGANISATION, PURPOSE]) { figures { organisationId purpose accesses } } }`;
const AGENCIES = '{ agencies { name state } }';
const ORGANISATIONS = `{ organisations(first: 100) {
  organisations { id userQuota grantedUsers dormantUsers lapsingUsers } } }`;

let system: TestSystem;
let placed: PlacedEvents;

beforeAll(async () => {
  system = await startTestSystem();
  placed = await openPlacedEvents(system, 'placed');
});
afterAll(async () => {
  await placed?.[Symbol.asyncDispose]();
  await system?.remove();
});

describe('an administrator', () => {
  test('sees how much a day was read, and of four accesses nothing but that they are among others', async () => {
    const day = workingDay(2);
    const children = (from: number, count: number) =>
      Array.from({ length: count }, (_, place) => `N0B0DY${String(from + place).padStart(10, '0')}`);
    await placed.place(
      ...children(0, 9).map((child, place) => ({ at: at(day, 9, place), children: [child] })),
      ...children(20, 6).map((child) => ({ at: at(day, 10), purpose: 'S17', children: [child] })),
      ...children(40, 4).map((child) => ({ at: at(day, 11), organisation: 'SCHOOL-1', children: [child] })),
    );
    const variables = { day: day.toISOString().slice(0, 10) };
    const { status, body } = await system.ask('administrator', { query: FIGURES, variables });
    expect([status, body.errors]).toEqual([200, undefined]);
    expect(body.data.accessFigures.figures).toEqual([
      { organisationId: null, purpose: null, accesses: 10 },
      { organisationId: 'LA-975', purpose: 'S47', accesses: 9 },
    ]);
    const { events } = await askForEvents(system, { practitionerId: 'p-administrator' });
    expect(events[0]).toMatchObject({ operationName: 'Figures', outcome: 'RELEASED', subjects: [] });
  });

  test('sees how every agency answers', async () => {
    const states = async () =>
      (await system.ask('administrator', { query: AGENCIES })).body.data.agencies?.map(
        ({ name, state }: { name: string; state: string }) => `${name} ${state}`,
      ) ?? [];
    const names = ['accreditation', 'directory', 'education', 'health', 'oversight', 'social-care'];
    await expect
      .poll(states, { timeout: 60_000, interval: 500 })
      .toEqual(names.map((name) => `${name} ANSWERING`));
    await system.services.get('health')?.stop();
    await expect.poll(states, { timeout: 60_000, interval: 500 }).toContain('health AWAY');
    await system.restart('health');
  }, 180_000);

  test('sees how every organisation’s accounts stand', async () => {
    const { body } = await system.ask('administrator', { query: ORGANISATIONS });
    const { organisations } = body.data.organisations;
    expect(organisations.length).toBeGreaterThan(3);
    const total = (of: string) =>
      organisations.reduce((sum: number, each: Record<string, number>) => sum + (each[of] ?? 0), 0);
    expect(total('dormantUsers')).toBeGreaterThan(0);
    expect(total('lapsingUsers')).toBeGreaterThan(0);
    expect(total('grantedUsers')).toBeGreaterThan(total('dormantUsers'));
  });
});

describe('nobody else', () => {
  const variables = { day: '2026-01-01' };
  test.each([
    ['social-worker', FIGURES, 'accessFigures'],
    ['accreditation-officer', FIGURES, 'accessFigures'],
    ['publisher', AGENCIES, 'agencies'],
    ['teacher', ORGANISATIONS, 'organisations'],
    ['auditor', ORGANISATIONS, 'organisations'],
    ['administrator', '{ pendingReviews { endCursor } }', 'pendingReviews'],
    ['administrator', '{ accessEvents(filter: { organisationId: "LA-975" }) { endCursor } }', 'accessEvents'],
  ])('%s: %s', async (persona, query, field) => {
    const given = query === FIGURES ? { variables } : {};
    const answer = await system.ask(persona, { query, ...given });
    expect(answer.body.data[field]).toBeNull();
    expect(reasonsOf(answer)).toMatchObject({ [field]: 'SCOPE' });
  });
});
