import { mergeIdentities } from '@contactpoint/directory/merge-identities';
import { connect } from '@contactpoint/subgraph-kit/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForEvents, readAskedLeaves } from '../access/access-log.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { codeOf, reasonsOf } from '../access/reasons.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { auditorOf, readersIn } from './auditor.ts';

let system: TestSystem;
let auditor: ReturnType<typeof auditorOf>;

beforeAll(async () => {
  system = await startTestSystem();
  auditor = auditorOf(system);
});
afterAll(async () => {
  await system?.remove();
});

const view = (persona: string, purpose: string, id = system.scenarios.joined) =>
  system.ask(persona, { query: VIEW, variables: { id }, purpose });
const events = async (childId: string) => (await auditor.statement(childId)).body.data.accessStatement.events;

describe('a lawful hold', () => {
  test('leaves what it covers out until it ends, and tells nobody that it does', async () => {
    const { joined } = system.scenarios;
    await view('social-worker', 'S47');
    await view('teacher', 'ED');
    const before = await events(joined);
    await view('police-child-abuse', 'S47');
    expect(await events(joined)).toHaveLength(3);

    const placed = await auditor.placeHold(joined, { practitionerId: 'p-police-child-abuse' });
    expect(placed.body.errors).toBeUndefined();
    const hold = placed.body.data.placeLawfulHold;
    expect(hold).toMatchObject({ childId: joined, placedBy: 'p-auditor', inForce: true, endedBy: null });
    const during = await auditor.statement(joined);
    expect(during.body.data.accessStatement.events).toEqual(before);
    expect(during.text).not.toContain(hold.id);
    expect(during.text).not.toContain('p-police-child-abuse');

    const ended = await auditor.endHold(joined, hold.id);
    expect(ended.body.data.endLawfulHold).toMatchObject({
      id: hold.id,
      inForce: false,
      endedBy: 'p-auditor',
    });
    expect(readersIn(await auditor.statement(joined))).toEqual([
      'p-police-child-abuse',
      'p-teacher',
      'p-social-worker',
    ]);
  });

  test('is on record with the child, as intent and as outcome, and so is its end', async () => {
    const { sensitive } = system.scenarios;
    const known = (await readAskedLeaves(system)).length;
    const { id } = (await auditor.placeHold(sensitive)).body.data.placeLawfulHold;
    await auditor.endHold(sensitive, id);
    const subject = (coordinate: string) => [
      { child: sensitive, released: [coordinate], withheld: [], policies: [] },
    ];
    const leaves = (await readAskedLeaves(system)).slice(known).map(({ event }) => event);
    const deeds = leaves.filter(({ practitioner }) => practitioner === 'p-auditor');
    expect(deeds).toMatchObject([
      { kind: 'intent', subjects: subject('Mutation.placeLawfulHold') },
      { kind: 'outcome', outcome: 'RELEASED', subjects: subject('Mutation.placeLawfulHold') },
      { kind: 'intent', subjects: subject('Mutation.endLawfulHold') },
      { kind: 'outcome', outcome: 'RELEASED', subjects: subject('Mutation.endLawfulHold') },
    ]);
    // The reference is a value; the log has no place for one.
    expect(
      JSON.stringify(leaves, (_key, value) => (typeof value === 'bigint' ? `${value}` : value)),
    ).not.toContain('High Court');
    expect((await askForEvents(system, { childId: sensitive })).events).toHaveLength(4);
    expect(await events(sensitive)).toEqual([]);
  });

  test('asked for again, by a caller who lost the answer, is the same one', async () => {
    const { empty } = system.scenarios;
    const ids = [];
    for (let turn = 0; turn < 3; turn++)
      ids.push((await auditor.placeHold(empty, { endsOn: '2099-12-31' })).body.data.placeLawfulHold.id);
    expect(new Set(ids).size).toBe(1);
    const query =
      'query ($childId: ID!) { lawfulHolds(childId: $childId, includeEnded: true) { holds { id } } }';
    const list = async () =>
      (await system.ask('auditor', { query, variables: { childId: empty } })).body.data.lawfulHolds.holds;
    expect(await list()).toEqual([{ id: ids[0] }]);
    for (let turn = 0; turn < 2; turn++) {
      const { body } = await auditor.endHold(empty, ids[0]);
      expect(body.data.endLawfulHold).toMatchObject({ id: ids[0], inForce: false });
    }
  });

  test.each(['social-worker', 'administrator', 'accreditation-officer', 'identity-steward'])(
    'is not for the %s to place, to end or to see',
    async (persona) => {
      const { joined } = system.scenarios;
      const { id } = (await auditor.placeHold(joined)).body.data.placeLawfulHold;
      const placed = await auditor.placeHold(joined, { reference: 'Mine' }, persona);
      expect(reasonsOf(placed)).toMatchObject({ placeLawfulHold: 'SCOPE' });
      const ended = await auditor.endHold(joined, id, persona);
      expect(reasonsOf(ended)).toMatchObject({ endLawfulHold: 'SCOPE' });
      const seen = await system.ask(persona, { query: '{ lawfulHolds { holds { id reference } } }' });
      expect(seen.body.data?.lawfulHolds ?? null).toBeNull();
      const { body } = await system.ask('auditor', {
        query: 'query ($childId: ID!) { lawfulHolds(childId: $childId) { holds { id } } }',
        variables: { childId: joined },
      });
      expect(body.data.lawfulHolds.holds).toEqual([{ id }]);
      await auditor.endHold(joined, id);
    },
  );

  test('of what is no child is refused', async () => {
    const answer = await auditor.placeHold('Anna Smith, 14');
    expect(codeOf(answer)).toBe('BAD_USER_INPUT');
    expect(answer.text).not.toContain('Anna');
  });

  test('under a number that is given up later covers the child all the same', async () => {
    const [number, givenUp] = [system.scenarios.joined, system.scenarios.unrelated];
    expect((await events(number)).length).toBeGreaterThan(0);
    const { id } = (await auditor.placeHold(givenUp)).body.data.placeLawfulHold;
    expect((await events(number)).length).toBeGreaterThan(0);
    const directory = connect(system.databases.directory, { max: 1 });
    const reason = 'Both were seen with the same passport';
    await mergeIdentities(directory, {
      ...{ from: givenUp, into: number, by: 'p-steward', reason },
      at: new Date(),
    });
    await directory.end();
    expect(await events(number)).toEqual([]);
    expect((await auditor.endHold(number, id)).body.data.endLawfulHold).toMatchObject({ inForce: false });
    expect((await events(givenUp)).length).toBeGreaterThan(0);
  });
});
