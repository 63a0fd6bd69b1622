import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { CASELOAD } from './operations/doors.ts';
import { codeOf, reasonsOf } from './reasons.ts';

let system: TestSystem;
let directory: postgres.Sql;

beforeAll(async () => {
  system = await startTestSystem();
  directory = postgres(system.databases.directory, { max: 1 });
});
afterAll(async () => {
  await directory?.end();
  await system?.remove();
});

describe('a caseload', () => {
  test('is the caller’s own, each child once, over as many pages as it takes', async () => {
    const mine = await directory<{ id: string }[]>`
      select distinct child_id as id from involvement where practitioner_id = 'p-social-worker'
      and is_open(involvement, current_date)`;
    const seen: string[] = [];
    for (let after: string | null = null; ; ) {
      const answer = await system.ask('social-worker', {
        query: CASELOAD,
        variables: { first: 2, after },
        purpose: 'S47',
      });
      const page = answer.body.data.myCaseload;
      expect(page.children.length).toBeLessThanOrEqual(2);
      seen.push(...page.children.map((child: { id: string }) => child.id));
      after = page.endCursor;
      if (!page.hasNextPage) break;
    }
    expect([...seen].sort()).toEqual(mine.map(({ id }) => id).sort());
    expect(seen).toContain(system.scenarios.joined);
  });

  test('is decided child by child', async () => {
    const answer = await system.ask('general-practitioner', {
      query: CASELOAD,
      variables: { first: 50 },
      purpose: 'DC',
    });
    const byId = new Map(
      answer.body.data.myCaseload.children.map((child: { id: string }) => [child.id, child]),
    );
    expect(byId.get(system.scenarios.joined)).toMatchObject({
      localAuthority: '975',
      involvements: expect.any(Array),
    });
    expect(byId.get(system.scenarios.shielded)).toMatchObject({ localAuthority: null, involvements: null });
    expect(byId.get(system.scenarios.empty)).toMatchObject({ localAuthority: null, involvements: null });
    expect(answer.body.errors).toBeUndefined();
  });

  test('takes no cursor of somebody else’s and no page without size', async () => {
    const theirs = await system.ask('teacher', { query: CASELOAD, variables: { first: 1 }, purpose: 'ED' });
    const after = theirs.body.data.myCaseload.endCursor;
    for (const variables of [{ after }, { after: 'x' }, { first: 0 }, { first: -1 }]) {
      const answer = await system.ask('social-worker', { query: CASELOAD, variables, purpose: 'S47' });
      expect([variables, answer.body.data, codeOf(answer)]).toEqual([
        variables,
        { myCaseload: null },
        'BAD_USER_INPUT',
      ]);
    }
  });

  test('is empty for a role that has no children', async () => {
    const answer = await system.ask('auditor', { query: CASELOAD, purpose: 'AUD' });
    expect(reasonsOf(answer)).toEqual({ myCaseload: 'POLICY' });
  });
});
