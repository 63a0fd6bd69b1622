import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { receiptOf } from '../access/access-log.ts';
import { CASELOAD, FIND } from '../access/operations/doors.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { openPlacedEvents, type PlacedEvent, type PlacedEvents } from './placed-events.ts';
import { askForAlerts, readAlerts, readSettledAlerts } from './read-alerts.ts';
import { at, workingDay } from './working-days.ts';

let system: TestSystem;
let placed: PlacedEvents;
let directory: Store;
let oversight: Store;

beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { ALERT_INTERVAL: '1' } });
  placed = await openPlacedEvents(system, 'placed');
  directory = connect(system.databases.directory, { max: 1 });
  oversight = connect(system.databases.oversight, { max: 1 });
});
afterAll(async () => {
  await placed?.[Symbol.asyncDispose]();
  await directory?.end();
  await oversight?.end();
  await system?.remove();
});

const settledAlerts = () => readSettledAlerts(system, oversight);
const raisedFor = async (rule: string, practitioner: string) =>
  (await settledAlerts()).filter((alert) => alert.rule === rule && alert.practitionerId === practitioner);

const view = (persona: string, purpose: string, id: string): Promise<Answer> =>
  system.ask(persona, { query: VIEW, variables: { id }, purpose });

/** The ContactPoint number of the nth child whom nobody has. */
function nobody(place: number): string {
  const bytes = new Uint8Array(10).fill(255);
  new DataView(bytes.buffer).setUint32(6, place);
  return contactPointNumber(bytes);
}

const nobodies = (count: number, from = 0) =>
  Array.from({ length: count }, (_, place) => nobody(from + place));

describe('ordinary use', () => {
  test('raises nothing', async () => {
    const { joined, empty, shielded } = system.scenarios;
    for (const id of [joined, empty, shielded]) {
      for (const [persona, purpose] of [
        ['social-worker', 'S47'],
        ['safeguarding-lead', 'ED'],
        ['teacher', 'ED'],
        ['general-practitioner', 'DC'],
        ['reviewing-officer', 'REV'],
      ] as const)
        expect((await view(persona, purpose, id)).status).toBe(200);
    }
    await system.ask('social-worker', { query: CASELOAD, variables: { first: 20 }, purpose: 'S47' });
    const criteria = { familyName: 'Nobody', givenName: 'At All', dateOfBirth: '2015-05-05' };
    await system.ask('mash-screener', { query: FIND, variables: { criteria }, purpose: 'S47' });
    await placed.place(...(await caseloads()));

    const alerts = (await settledAlerts()).filter(({ rule, events }) => {
      // The clock of the machine is not the test's to set: what was asked just now may have been asked at night.
      return rule !== 'OUTSIDE_HOURS' || events.some(({ origin }) => origin.includes('/placed/'));
    });
    expect(alerts).toEqual([]);
  });

  /** Everybody who works with children reads theirs, each on three days, at work. */
  async function caseloads(): Promise<PlacedEvent[]> {
    const rows = await directory<{ practitioner: string; organisation: string; child: string }[]>`
      select distinct practitioner_id as practitioner, organisation_id as organisation, child_id as child
      from involvement where practitioner_id is not null and is_open(involvement, current_date)`;
    const people = Map.groupBy(rows, ({ practitioner }) => practitioner);
    return [...people].flatMap(([practitioner, work]) =>
      [0, 1, 2].flatMap((before) =>
        work.map(({ child, organisation }, place) => ({
          ...{ practitioner, organisation, at: at(workingDay(before), 9, place % 60), children: [child] },
          role: organisation.startsWith('SCHOOL') ? 'safeguarding-lead' : 'social-worker',
        })),
      ),
    );
  }
});

describe('abuse of what only the log tells', () => {
  test('outside hours', async () => {
    const sunday = new Date(workingDay(0));
    while (sunday.getUTCDay() !== 0) sunday.setUTCDate(sunday.getUTCDate() - 1);
    const practitioner = 'p-at-night';
    const [receipt] = await placed.place({ practitioner, at: at(sunday, 11), children: [nobody(1)] });
    expect(await raisedFor('OUTSIDE_HOURS', practitioner)).toMatchObject([
      { organisationId: 'LA-975', events: [{ origin: receipt?.origin, index: String(receipt?.index) }] },
    ]);
  });

  test('far more children than peers', async () => {
    const peers = Array.from({ length: 8 }, (_, person) =>
      [2, 3, 4, 5, 6].map((before) => ({
        ...{ practitioner: `p-peer-${person}`, organisation: 'LA-901', at: at(workingDay(before), 10) },
        children: nobodies(6, 100),
      })),
    ).flat();
    await placed.place(...peers);
    const browser = { practitioner: 'p-browser', organisation: 'LA-901' };
    const browsing = nobodies(30, 200).map((child, place) => ({
      ...{ ...browser, at: at(workingDay(1), 10, place), children: [child] },
    }));
    await placed.place(...browsing);
    expect(await raisedFor('VOLUME_ABOVE_PEERS', browser.practitioner)).toMatchObject([
      { organisationId: 'LA-901', at: at(workingDay(1), 10, 20) },
    ]);
    const others = (await readAlerts(system)).filter(({ rule }) => rule === 'VOLUME_ABOVE_PEERS');
    expect(others).toHaveLength(1);
  });

  test('many searches for nobody, through the gateway', async () => {
    for (let place = 0; place < 16; place++) {
      const criteria = { familyName: `Zzyzx${place}`, givenName: 'Q', dateOfBirth: '2015-05-05' };
      const answer = await system.ask('school-nurse', {
        query: FIND,
        variables: { criteria },
        purpose: 'DC',
      });
      expect(answer.body.errors).toBeUndefined();
      if (place < 13) expect(await raisedFor('SEARCH_MISSES', 'p-school-nurse')).toEqual([]);
    }
    const [alert, ...more] = await raisedFor('SEARCH_MISSES', 'p-school-nurse');
    expect(more).toEqual([]);
    expect(alert?.events).toHaveLength(15);
  });

  test('repeated break-glass, through the gateway', async () => {
    const { joined, unrelated, sensitive } = system.scenarios;
    for (const [place, id] of [joined, unrelated, sensitive].entries()) {
      const answer = await system.ask('emergency-clinician', {
        ...{
          query: VIEW,
          variables: { id },
          purpose: 'EC',
          reason: 'Unconscious in the emergency department',
        },
        headers: { 'access-override': 'break-glass' },
      });
      expect(answer.body.errors ?? []).not.toContainEqual(expect.objectContaining({ path: undefined }));
      const alerts = await raisedFor('REPEATED_BREAK_GLASS', 'p-emergency-clinician');
      expect(alerts).toHaveLength(place < 2 ? 0 : 1);
    }
  });

  test('an intent whose outcome never came', async () => {
    const lost = { practitioner: 'p-lost', kind: 'intent', at: new Date(Date.now() - 360_000).toISOString() };
    const [receipt] = await placed.place({ ...lost, kind: 'intent' });
    expect(await raisedFor('INTENT_WITHOUT_OUTCOME', 'p-lost')).toMatchObject([
      { events: [{ origin: receipt?.origin, index: String(receipt?.index) }] },
    ]);
  });
});

describe('abuse of what only agencies know', () => {
  test('own family name and a colleague’s child, through the gateway', async () => {
    const [child] = system.scenarios.adopted;
    await directory`update child set family_name = 'Méhta–Lane' where id = ${child}`;
    await directory`update carer set name = 'Mrs Grace ADEYEMI' where child_id = ${child}`;
    const opened = await view('emergency-clinician', 'EC', child);
    const { origin, index } = receiptOf(opened);
    expect(opened.status).toBe(200);
    for (const rule of ['OWN_FAMILY_NAME', 'COLLEAGUES_CHILD']) {
      expect(await raisedFor(rule, 'p-emergency-clinician')).toMatchObject([
        { organisationId: 'TRUST-01', events: [{ origin, index }] },
      ]);
    }
    await view('police-child-abuse', 'S47', child);
    for (const rule of ['OWN_FAMILY_NAME', 'COLLEAGUES_CHILD'])
      expect(await raisedFor(rule, 'p-police-child-abuse')).toEqual([]);
    expect(JSON.stringify(await readAlerts(system))).not.toMatch(/m[eé]hta|lane|adeyemi/i);
  });

  test('no relationship, and none made', async () => {
    const day = at(workingDay(6), 10);
    const [adopted] = system.scenarios.adopted;
    const alone = { practitioner: 'p-general-practitioner', role: 'general-practitioner' };
    await placed.place(
      { ...alone, organisation: 'PRACTICE-Z99001', at: day, children: [adopted, system.scenarios.joined] },
      { practitioner: 'p-mash-screener', role: 'mash-screener', at: day, children: [adopted] },
      { practitioner: 'p-reviewing-officer', role: 'reviewing-officer', at: day, children: [nobody(3)] },
    );
    expect(await raisedFor('NO_RELATIONSHIP_MADE', 'p-general-practitioner')).toMatchObject([
      { organisationId: 'PRACTICE-Z99001', at: day, note: expect.stringContaining(': 1') },
    ]);
    for (const practitioner of ['p-mash-screener', 'p-reviewing-officer'])
      expect(await raisedFor('NO_RELATIONSHIP_MADE', practitioner)).toEqual([]);
  });

  test('a crowd about one child', async () => {
    const [, adopted] = system.scenarios.adopted;
    const crowd = Array.from({ length: 8 }, (_, person) => ({
      ...{ practitioner: `p-crowd-${person}`, at: at(workingDay(0), 12, person), children: [adopted] },
    }));
    await placed.place(...crowd.slice(0, 7));
    expect((await settledAlerts()).filter(({ rule }) => rule === 'FAMOUS_CHILD')).toEqual([]);
    await placed.place(...crowd.slice(7));
    const alerts = (await settledAlerts()).filter(({ rule }) => rule === 'FAMOUS_CHILD');
    expect(alerts.map(({ practitionerId }) => practitionerId).toSorted()).toEqual(
      crowd.map(({ practitioner }) => practitioner).toSorted(),
    );
  });
});

describe('where a child lives', () => {
  const twins = () => system.scenarios.twins;
  const reading = (practitioner: string, children: readonly string[], hour: number): PlacedEvent[] =>
    children.map((child, minute) => ({
      ...{ practitioner, role: 'school-nurse', organisation: 'TRUST-01' },
      ...{ at: at(workingDay(0), hour, minute), children: [child] },
    }));

  test('is compared: outside the area, and all children of an address', async () => {
    await directory`update child set local_authority = '976' where id = any(${[...twins()]})`;
    await placed.place(...reading('p-school-nurse', twins(), 14));
    expect(await raisedFor('OUTSIDE_AREA', 'p-school-nurse')).toMatchObject([{ events: [{}, {}] }]);
    expect(await raisedFor('WHOLE_ADDRESS', 'p-school-nurse')).toMatchObject([{ events: [{}, {}] }]);
  });

  test('leaves alone who met one of them, and whom somebody else gave the child', async () => {
    const [one, other] = twins();
    await placed.place(...reading('p-camhs-clinician', [one], 14));
    expect(await raisedFor('WHOLE_ADDRESS', 'p-camhs-clinician')).toEqual([]);
    const given = { practitioner_id: 'p-education-welfare-officer', organisation_id: 'LA-975' };
    await directory`insert into involvement ${directory({
      ...{ ...given, id: 'given', child_id: one, sector: 'EDUCATION', service: 'Attendance' },
      ...{ involved_from: '2020-01-01', is_lead: false },
    })}`;
    await placed.place(...reading('p-education-welfare-officer', [one, other], 14));
    expect(await raisedFor('WHOLE_ADDRESS', 'p-education-welfare-officer')).toEqual([]);
    expect(await raisedFor('OUTSIDE_AREA', 'p-education-welfare-officer')).toMatchObject([{ events: [{}] }]);
  });

  test('is not, of a shielded child: an auditor sees what they see of a child without an address', async () => {
    const [one, other] = twins();
    const { empty } = system.scenarios;
    await directory`insert into shield ${directory({
      ...{ child_id: other, shielded_by: 'p-social-worker', shielded_at: new Date() },
      reason: 'Violence in the household',
    })}`;
    // Who meets both twins, the one who is left, or the shielded one: none of it tells that two of them live together.
    await placed.place(...reading('p-reviewing-officer', [one, other], 15));
    await placed.place(...reading('p-voluntary-worker', [other, empty], 15));
    const told = async (practitioner: string) =>
      (await settledAlerts())
        .filter((alert) => alert.practitionerId === practitioner && alert.at.slice(11, 13) === '15')
        .map(({ rule, events }) => [rule, events.length]);
    expect(await told('p-reviewing-officer')).toEqual([['OUTSIDE_AREA', 1]]);
    expect(await told('p-voluntary-worker')).toEqual([]);
    const [answered] = await directory`
      select count(*)::int as n from access_journal where operation = 'comparisons' and child_id = ${other}`;
    expect(answered?.['n']).toBeGreaterThan(0);
  });
});

test('no alert holds anything of a child, or says of one that it is shielded', async () => {
  const alerts = await settledAlerts();
  const rows = await oversight`select * from alert`;
  const text = JSON.stringify([alerts, rows]);
  for (const { id, family, town } of await directory<{ id: string; family: string; town: string | null }[]>`
    select child.id, family_name as family, town from child left join address on address.child_id = child.id`) {
    expect(text).not.toContain(id);
    expect(text).not.toContain(`"${family}`);
    if (town !== null) expect(text).not.toContain(town);
  }
  expect(text).not.toMatch(/shield/i);
});

test('an agency that is away delays what is compared, and loses nothing', async () => {
  await system.services.get('accreditation')?.stop();
  const child = system.scenarios.unrelated;
  await directory`update child set family_name = 'Braithwaite' where id = ${child}`;
  const late = { practitioner: 'p-reviewing-officer', role: 'reviewing-officer', children: [child] };
  await placed.place({ ...late, at: at(workingDay(3), 9) });
  await new Promise((over) => setTimeout(over, 3_000));
  await system.restart('accreditation');
  await expect.poll(async () => (await askForAlerts(system)).status, { timeout: 20_000 }).toBe(200);
  expect(await raisedFor('OWN_FAMILY_NAME', 'p-reviewing-officer')).toHaveLength(1);
}, 120_000);

test('what was compared is on record, under the grants that the agencies journaled', async () => {
  const journaled = await directory<{ jti: string; evt: string }[]>`
    select distinct jti, evt from access_journal where operation = 'comparisons'`;
  expect(journaled.length).toBeGreaterThan(0);
  await readAlerts(system);
  const events = await oversight<{ evt: string; jtis: string[]; practitioner: string }[]>`
    select evt, jtis, practitioner_id as practitioner from access_event where operation_name = 'CompareForAlerts'`;
  for (const { jti, evt } of journaled) {
    const event = events.find((each) => each.evt === evt);
    expect(event?.practitioner).toBe('gateway');
    expect(event?.jtis).toContain(jti);
  }
  expect(receiptOf(await askForAlerts(system)).origin).toContain('gateway-1');
});
