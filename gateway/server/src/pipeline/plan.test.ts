import type { Principal } from '@contactpoint/access/principal';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { Role } from '@contactpoint/access/role';
import type { PrepareInput } from '@contactpoint/executor/execution';
import { beforeEach, describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { atBest, stating } from '../testing/decisions.ts';
import { principalOf } from '../testing/personas.ts';
import { pipelineInTest, requestFor } from '../testing/pipeline.ts';
import { createParser } from './parse.ts';
import { createPlanner } from './plan.ts';

const loaded = contractSupergraph();
const prepared: PrepareInput[] = [];
const supergraph = {
  ...loaded,
  executor: {
    ...loaded.executor,
    prepare(input: PrepareInput) {
      prepared.push(input);
      return loaded.executor.prepare(input);
    },
  },
};
const parser = createParser(loaded.executor.schema);
const VIEW =
  'query ($id: ID!) { child(id: $id) { familyName attendance { academicYear } conditions { name } } }';

let planner = createPlanner(supergraph, atBest);
beforeEach(() => {
  planner = createPlanner(supergraph, atBest);
  prepared.length = 0;
});

function plan(
  role: Role,
  purpose: PurposeOfUse | undefined,
  query = VIEW,
  change: Partial<Principal> = {},
  name?: string,
) {
  const stated = purpose === undefined ? undefined : stating(purpose);
  return planner.plan(parser(query, name), { ...principalOf(role), ...change }, stated);
}

describe('createPlanner', () => {
  test('a caller’s plan asks no agency for what the caller may not read', () => {
    expect(plan('teacher', 'ED').prepared?.subgraphs.toSorted()).toEqual(['directory', 'education']);
    expect(plan('general-practitioner', 'DC').prepared?.subgraphs.toSorted()).toEqual([
      'directory',
      'health',
    ]);
  });

  test('callers of one role and purpose share a plan, whoever they are', () => {
    const first = plan('teacher', 'ED');
    expect(plan('teacher', 'ED', VIEW, { practitionerId: 'p-000001', organisationId: 'SCHOOL-900002' })).toBe(
      first,
    );
    expect(prepared).toHaveLength(1);
  });

  test('what many callers ask at once is planned once: nothing else runs between the look into the cache and the entry', async () => {
    const { pipeline, executed } = pipelineInTest({
      parts: { planner: createPlanner(supergraph, atBest) },
    });
    await Promise.all(Array.from({ length: 50 }, () => pipeline(requestFor(VIEW))));
    expect(executed).toHaveLength(50);
    expect(prepared).toHaveLength(1);
    expect(new Set(executed.map(({ operation }) => operation)).size).toBe(1);
  });

  test.each<[string, () => unknown]>([
    ['role', () => plan('education-welfare-officer', 'ED')],
    ['purpose', () => plan('teacher', 'S47')],
    ['purpose, or none', () => plan('teacher', undefined)],
    ['sector', () => plan('teacher', 'ED', VIEW, { sector: 'HEALTH' })],
    ['scopes', () => plan('teacher', 'ED', VIEW, { scopes: ['audit:read'] })],
    ['operation', () => plan('teacher', 'ED', `${VIEW} `)],
  ])('no plan is shared between callers of different %s', (_case, other) => {
    const own = plan('teacher', 'ED');
    expect(other()).not.toBe(own);
    expect(plan('teacher', 'ED')).toBe(own);
  });

  test('who reads on somebody’s behalf has a plan of the two, for each mediator another', () => {
    const parsed = parser(VIEW, undefined);
    const lead = principalOf('safeguarding-lead');
    const forLead = (...mediator: Principal[]) => planner.plan(parsed, lead, stating('S47'), ...mediator);
    const plans = [forLead(), forLead(lead), forLead(principalOf('social-worker'))];
    expect(new Set(plans).size).toBe(3);
    expect(forLead(principalOf('social-worker'))).toBe(plans[2]);
  });

  test('break-glass has a plan of its own', () => {
    const parsed = parser(VIEW, undefined);
    const clinician = principalOf('emergency-clinician');
    const usual = planner.plan(parsed, clinician, stating('EC'));
    expect(planner.plan(parsed, clinician, { ...stating('EC'), override: true })).not.toBe(usual);
  });

  test('plans are forgotten by what they select: few large ones take the room of many small ones', () => {
    const { executor } = supergraph;
    const prepare = () => ({ plan: undefined, subgraphs: [] });
    const quick = createPlanner({ ...supergraph, executor: { ...executor, prepare } }, atBest);
    const teacher = principalOf('teacher');
    const of = (text: string) => quick.plan(parser(text, undefined), teacher, stating('ED'));
    const child = 'child(id: "1") { familyName givenNames dateOfBirth sex addresses { town postcode } }';
    const large = (name: string) =>
      `query ${name} { ${Array.from({ length: 20 }, (_, index) => `a${index}: ${child}`).join(' ')} }`;
    const first = of(large('A'));
    const size = first.selected.length + 1;
    expect(of(large('A'))).toBe(first);
    for (let index = 0; index < Math.floor(32_000 / size); index++) of(large(`B${index}`));
    expect(of(large('A'))).not.toBe(first);

    const small = of('{ child(id: "1") { sex } }');
    for (let index = 0; index < 1_000; index++) of(`query C${index} { child(id: "1") { sex } }`);
    expect(of('{ child(id: "1") { sex } }')).toBe(small);
  });

  test('two operations of one document have a plan each', () => {
    const both = 'query A { me { id } } query B { school(urn: "1") { name } }';
    expect(plan('teacher', undefined, both, {}, 'A').prepared?.subgraphs).toEqual(['accreditation']);
    expect(plan('teacher', undefined, both, {}, 'B').prepared?.subgraphs).toEqual(['education']);
  });

  test('a mutation of which anything is refused is not prepared at all', () => {
    const shield = 'mutation { shieldChild(id: "1", reason: "r") { familyName conditions { name } } }';
    expect(plan('teacher', 'ED', shield).prepared).toBeUndefined();
    expect(plan('social-worker', 'S47', shield).prepared).toBeUndefined();
    expect(prepared).toEqual([]);
    expect(
      plan('social-worker', 'S47', 'mutation { shieldChild(id: "1", reason: "r") { familyName } }').prepared,
    ).toBeDefined();
  });

  test('two deeds of which one is refused: neither is prepared', () => {
    const two = `mutation {
      recordInvolvement(input: { childId: "1", service: "s", from: "2026-01-01" }) { id }
      shieldChild(id: "1", reason: "r") { id }
    }`;
    const { prepared: none, refusals } = plan('safeguarding-lead', 'ED', two);
    expect(none).toBeUndefined();
    expect(refusals.places[0]).toEqual({ path: ['shieldChild'], reason: 'SCOPE' });
  });

  test('says whether an operation touches a subject', () => {
    expect(planner.touchesSubject(parser(VIEW, undefined))).toBe(true);
    expect(planner.touchesSubject(parser('{ me { id } }', undefined))).toBe(false);
  });
});
