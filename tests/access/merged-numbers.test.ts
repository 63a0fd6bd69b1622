import { mergeIdentities } from '@contactpoint/directory/merge-identities';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { PLACE } from './operations/doors.ts';
import { VIEW } from './operations/joined-view.ts';
import { reasonsOf } from './reasons.ts';

/** What a change may take to be felt, milliseconds, and the time of the request that feels it. */
const WITHIN = { timeout: 1_200, interval: 25 };

/** The joined child was once registered twice; the other number has been given up. */
let system: TestSystem;
let directory: Store;
let number: string;
let givenUp: string;

beforeAll(async () => {
  system = await startTestSystem();
  directory = connect(system.databases.directory, { max: 1 });
  number = system.scenarios.joined;
  givenUp = system.scenarios.unrelated;
  const reason = 'Both were seen with the same passport';
  await mergeIdentities(directory, { from: givenUp, into: number, by: 'p-steward', reason, at: new Date() });
});
afterAll(async () => {
  await directory?.end();
  await system?.remove();
});

const view = (persona: string, purpose: string, id: string, query = VIEW) =>
  system.ask(persona, { query, variables: { id }, purpose });

describe('a number that was given up', () => {
  test.each([
    ['social-worker', 'S47'],
    ['general-practitioner', 'DC'],
    ['teacher', 'ED'],
  ])('gives %s what the number that survives gives, under that one', async (persona, purpose) => {
    const [old, now] = [await view(persona, purpose, givenUp), await view(persona, purpose, number)];
    expect(now.body.data.child).toMatchObject({ id: number, familyName: expect.any(String) });
    expect(old.text).toBe(now.text);
  });

  test('gives a stranger what a number gives that nobody has', async () => {
    const [old, nobody] = [
      await view('voluntary-worker', 'EH', givenUp),
      await view('voluntary-worker', 'EH', 'ZZZZZZZZZZZZZZZZ'),
    ];
    expect(reasonsOf(old)).toEqual({ child: 'RELATIONSHIP' });
    expect(old.text).toBe(nobody.text);
  });

  test('shields the child under either number, before both gates', async () => {
    const seen = async (id: string) => {
      const answer = await view('general-practitioner', 'DC', id, PLACE);
      const { localAuthority, registeredPractice } = answer.body.data.child;
      return { localAuthority, registeredPractice, errors: answer.body.errors };
    };
    expect(await seen(number)).toMatchObject({ localAuthority: '975', errors: undefined });
    await directory`insert into shield (child_id, shielded_at, shielded_by, reason)
      values (${givenUp}, now(), 'p-steward', 'threatened')`;
    const hidden = { localAuthority: null, registeredPractice: null, errors: undefined };
    await expect.poll(() => seen(number), WITHIN).toEqual(hidden);
    expect(await seen(givenUp)).toEqual(hidden);
  });
});

test('the two identities of the adopted child are never made one', async () => {
  const [before, after] = system.scenarios.adopted;
  const reason = 'They have the same given names and birthday';
  for (const [from, into] of [
    [before, after],
    [after, before],
    [before, number],
  ] as const) {
    const merging = mergeIdentities(directory, { from, into, by: 'p-steward', reason, at: new Date() });
    await expect(merging).rejects.toMatchObject({ code: 'BARRED' });
  }
});
