import type { TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadFacts } from './access/load-facts.ts';
import { ingestDirectory } from './ingest.ts';
import { MergeError, mergeIdentities } from './merge-identities.ts';
import { registerIdentities } from './register.ts';
import { askAs, caller, reasonsOf, startDirectory } from './testing/directory.ts';
import { EMPTY, NOBODY, RELATED, related, SHIELDED, UNRELATED, unrelated } from './testing/identities.ts';

/** A second identity of the related child, as another authority's feed made it. */
const DOUBLE = '0000000000000D01';
const double = {
  ...related,
  id: DOUBLE,
  familyName: 'Hughs',
  identifiers: [{ system: 'LOCAL_AUTHORITY_CHILD_ID' as const, value: 'd-1', authority: '976' }],
  localAuthority: '976',
  addresses: [{ line1: '1 Former Row', postcode: 'ZZ7 3CC' }],
  involvements: related.involvements.slice(0, 1).map((involvement) => ({
    ...involvement,
    id: `${DOUBLE}-team`,
    practitionerId: 'p-elsewhere',
    organisationId: 'LA-976',
  })),
  recordHolders: [{ sector: 'EDUCATION' as const, organisationId: 'SCHOOL-900002', from: '2024-09-01' }],
};

let directory: TestSubgraph;
beforeEach(async () => {
  directory = await startDirectory();
  await ingestDirectory(directory.store, [double]);
});
afterEach(() => directory?.stop());

const merge = (from: string, into: string, reason = 'Both were seen with the same passport') =>
  mergeIdentities(directory.store, { from, into, by: 'p-identity-steward', reason, at: new Date() });

async function factsOf(number: string, practitionerId = 'p-social-worker', organisationId = 'LA-975') {
  const question = { practitionerId, organisationId, sector: 'EDUCATION' as const, children: [number] };
  const [answers] = await loadFacts(directory.store, [question], '2026-06-15');
  return answers?.get(number);
}

const shield = (id: string) => directory.store`
  insert into shield (child_id, shielded_at, shielded_by, reason) values (${id}, now(), 'p', 'threatened')
  on conflict (child_id) where lifted_at is null do nothing`;

const CHILD = `query ($id: ID!) {
  child(id: $id) { id familyName addresses { postcode } involvements { id } localAuthority } }`;
const steward = caller('identity-steward', 'MATCH');

describe('after a merge', () => {
  test('the superseded number gives the child under the number that survives, with all who are involved', async () => {
    await merge(DOUBLE, RELATED);
    const who = caller('social-worker', 'S47');
    const [old, now] = await Promise.all([DOUBLE, RELATED].map((id) => askAs(directory, who, CHILD, { id })));
    expect(old).toEqual(now);
    expect(now?.data.child).toMatchObject({
      id: RELATED,
      familyName: 'Hughes',
      addresses: [{ postcode: 'ZZ9 1AA' }, { postcode: 'ZZ8 2BB' }],
      localAuthority: '975',
    });
    const involvements = now?.data.child.involvements.map(({ id }: { id: string }) => id);
    expect(involvements).toContain(`${DOUBLE}-team`);
  });

  test('whoever may not search is told of it what they are told of a number that nobody has', async () => {
    await merge(DOUBLE, RELATED);
    const stranger = caller('teacher', 'ED', { sub: 'p-another-teacher' });
    const [superseded, nobody] = await Promise.all(
      [DOUBLE, NOBODY].map((id) => askAs(directory, stranger, CHILD, { id })),
    );
    expect(superseded).toEqual(nobody);
    expect(reasonsOf(superseded ?? { status: 0 })).toEqual({ child: 'RELATIONSHIP' });
  });

  test('relationships and records of one’s own hold under either number', async () => {
    expect(await factsOf(RELATED, 'p-elsewhere', 'SCHOOL-900002')).toMatchObject({
      relationship: 'NONE',
      ownRecord: false,
    });
    await merge(DOUBLE, RELATED);
    for (const number of [DOUBLE, RELATED]) {
      expect(await factsOf(number, 'p-elsewhere', 'SCHOOL-900002')).toMatchObject({
        relationship: 'TEAM',
        ownRecord: true,
      });
      expect(await factsOf(number)).toMatchObject({ relationship: 'ALLOCATED' });
    }
  });

  test('a search finds the child once', async () => {
    await merge(DOUBLE, RELATED);
    const query = `{ findChildren(criteria: { givenName: "Amelia", familyName: "Hughs", dateOfBirth: "2012-03-04" }) {
      candidates { child { id } } } }`;
    const { data } = await askAs(directory, steward, query);
    expect(data.findChildren.candidates).toEqual([{ child: { id: RELATED } }]);
  });

  test('the child is on a caseload once, under the number that survives', async () => {
    await merge(DOUBLE, RELATED);
    const elsewhere = caller('social-worker', 'S47', { sub: 'p-elsewhere', organisation: 'LA-976' });
    const { data } = await askAs(directory, elsewhere, '{ myCaseload { children { id } } }');
    expect(data.myCaseload.children).toEqual([{ id: RELATED }]);
  });

  test('what a practitioner records under the old number is recorded under the new one', async () => {
    await merge(DOUBLE, RELATED);
    const query = `mutation ($input: RecordInvolvementInput!) { recordInvolvement(input: $input) { id } }`;
    const input = { childId: DOUBLE, service: 'School nursing', from: '2026-01-05' };
    const { data } = await askAs(directory, caller('school-nurse', 'DC'), query, { input });
    expect(data.recordInvolvement).toEqual({ id: RELATED });
    expect(
      await directory.store`select child_id from involvement where practitioner_id = 'p-school-nurse'`,
    ).toEqual([{ child_id: RELATED }]);
  });

  test('an involvement with the duplicate is ended under the number that survives', async () => {
    await merge(DOUBLE, RELATED);
    const elsewhere = caller('social-worker', 'S47', { sub: 'p-elsewhere', organisation: 'LA-976' });
    const query = `mutation ($id: ID!) {
      endInvolvement(childId: "${RELATED}", id: $id, endedOn: "2026-01-05") { id } }`;
    await askAs(directory, elsewhere, query, { id: `${DOUBLE}-team` });
    expect(await factsOf(RELATED, 'p-elsewhere')).toMatchObject({ relationship: 'NONE' });
  });
});

describe('a shield', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['on the number that survives', async () => merge(EMPTY, SHIELDED)],
    ['on the superseded number', async () => merge(SHIELDED, EMPTY)],
    ['set on the superseded number later', async () => merge(EMPTY, UNRELATED).then(() => shield(EMPTY))],
    [
      'on a number two merges away',
      async () => {
        await merge(SHIELDED, UNRELATED);
        await merge(UNRELATED, EMPTY);
      },
    ],
  ])('holds for the other number too: %s', async (_case, happen) => {
    await happen();
    expect(await factsOf(EMPTY, 'p-teacher')).toMatchObject({ shielded: true });
    const { data } = await askAs(directory, steward, CHILD, { id: EMPTY });
    expect(data.child).toMatchObject({ addresses: null, localAuthority: null });
  });

  test('that is lifted under one number is lifted for the child', async () => {
    await merge(SHIELDED, RELATED);
    const query = `mutation ($id: ID!) { unshieldChild(id: $id, reason: "The threat is over") { id } }`;
    const { data } = await askAs(directory, steward, query, { id: RELATED });
    expect(data.unshieldChild).toEqual({ id: RELATED });
    expect(await factsOf(SHIELDED)).toMatchObject({ shielded: false });
  });

  test('keeps the child from being found by the UPN of a duplicate', async () => {
    await merge(RELATED, UNRELATED);
    const query = `{ childByIdentifier(system: UPN, value: "${related.identifiers[0]?.value}") { id } }`;
    const who = caller('social-worker', 'S47');
    expect((await askAs(directory, who, query)).data.childByIdentifier).toEqual({ id: UNRELATED });
    await shield(UNRELATED);
    expect((await askAs(directory, who, query)).data.childByIdentifier).toBeNull();
  });
});

describe('an import', () => {
  const register = (changes: object) =>
    directory.store.begin((sql) =>
      registerIdentities(sql, [
        {
          ref: 'row 2',
          authority: '976',
          localId: 'd-1',
          dateOfBirth: '2012-03-04',
          sex: 'FEMALE',
          ...changes,
        },
      ]),
    );
  const count = async () => (await directory.store`select from child`).length;

  test('that knows the duplicate finds the child, who stays shielded', async () => {
    await merge(DOUBLE, RELATED);
    await shield(DOUBLE);
    const before = await count();
    const [result] = await register({ nhsNumber: '9434765870' });
    expect(result).toMatchObject({ childId: RELATED, dropped: [] });
    expect(await count()).toBe(before);
    expect(await factsOf(result?.childId ?? '')).toMatchObject({ shielded: true });
  });

  test.each([
    ['the duplicate', { familyName: 'Hughs', givenNames: ['Amelia'] }],
    ['the other', { familyName: 'Hughes', givenNames: ['Amelia'] }],
  ])('makes nobody who resembles either identity of a shielded child: %s', async (_case, names) => {
    await merge(DOUBLE, RELATED);
    await shield(RELATED);
    const [result] = await register({ localId: 'd-2', ...names });
    expect(result?.outcome).toBe('resembles-shielded');
  });

  test('of the whole identity again leaves the merge as it is', async () => {
    await merge(DOUBLE, RELATED);
    await ingestDirectory(directory.store, [double, related]);
    const { data } = await askAs(directory, steward, CHILD, { id: DOUBLE });
    expect(data.child.id).toBe(RELATED);
  });
});

describe('mergeIdentities', () => {
  const codeOf = async (merging: Promise<void>) =>
    merging.then(
      () => 'merged',
      (cause: unknown) => (cause instanceof MergeError ? cause.code : cause),
    );

  test('keeps who merged what, and why', async () => {
    await merge(DOUBLE, RELATED);
    await merge(RELATED, UNRELATED);
    expect(
      await directory.store`select superseded, surviving, merged_by, reason from identity_merge order by id`,
    ).toMatchObject([
      { superseded: DOUBLE, surviving: RELATED, merged_by: 'p-identity-steward' },
      { superseded: RELATED, surviving: UNRELATED, reason: 'Both were seen with the same passport' },
    ]);
  });

  test.each<[string, string, string, string]>([
    ['a number nobody has', NOBODY, RELATED, 'UNKNOWN_NUMBER'],
    ['into a number nobody has', RELATED, NOBODY, 'UNKNOWN_NUMBER'],
    ['a number with itself', RELATED, RELATED, 'ONE_CHILD_ALREADY'],
    ['what is merged', RELATED, DOUBLE, 'ONE_CHILD_ALREADY'],
  ])('refuses %s', async (_case, from, into, code) => {
    await merge(DOUBLE, RELATED);
    expect(await codeOf(merge(from, into))).toBe(code);
  });

  test('wants a reason', async () => {
    expect(await codeOf(merge(DOUBLE, RELATED, '  twins  '))).toBe('NO_REASON');
    expect(await codeOf(merge(DOUBLE, RELATED, 'Registered twice\u202e'))).toBe('NO_REASON');
  });

  test('never links an identity that must not be linked, whichever way and however far away', async () => {
    const [before, after] = ['0000000000000A01', '0000000000000A02'] as const;
    const adopted = [before, after].map((id) => ({ ...unrelated, id, identifiers: [], mergeBarred: true }));
    await ingestDirectory(directory.store, adopted);
    await merge(DOUBLE, RELATED);
    for (const [from, into] of [
      [before, after],
      [after, before],
      [before, DOUBLE],
      [DOUBLE, after],
    ] as const)
      expect(await codeOf(merge(from, into))).toBe('BARRED');

    // A later feed that no longer says so takes nothing back.
    await ingestDirectory(
      directory.store,
      adopted.map((identity) => ({ ...identity, mergeBarred: false })),
    );
    expect(await codeOf(merge(before, after))).toBe('BARRED');
  });

  test('two at once form no ring', async () => {
    const codes = await Promise.all([codeOf(merge(DOUBLE, RELATED)), codeOf(merge(RELATED, DOUBLE))]);
    expect(codes.sort()).toEqual(['ONE_CHILD_ALREADY', 'merged']);
    expect(await directory.store`select from superseded_number`).toHaveLength(1);
  });
});

test('whatever is shielded, lifted and merged in whatever order, a shield holds for all numbers of a child', async () => {
  const numbers = [RELATED, UNRELATED, SHIELDED, EMPTY, DOUBLE];
  const number = fc.constantFrom(...numbers);
  const act = fc.oneof(
    fc.record({ kind: fc.constant('shield' as const), one: number, other: number }),
    fc.record({ kind: fc.constant('lift' as const), one: number, other: number }),
    fc.record({ kind: fc.constant('merge' as const), one: number, other: number }),
  );
  const lift = (id: string) =>
    askAs(directory, steward, `mutation { unshieldChild(id: "${id}", reason: "The threat is over") { id } }`);

  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
      await directory.store`truncate superseded_number, identity_merge, shield`;
      // The naive way: sets of numbers that are one child, and which numbers carry a shield.
      let children = numbers.map((each) => new Set([each]));
      const shields = new Set<string>();
      const childOf = (one: string) => children.find((child) => child.has(one)) ?? new Set([one]);
      for (const { kind, one, other } of acts) {
        if (kind === 'shield') {
          await shield(one);
          shields.add(one);
        } else if (kind === 'lift') {
          await lift(one);
          for (const each of childOf(one)) shields.delete(each);
        } else if (!childOf(one).has(other)) {
          await merge(one, other);
          const union = new Set([...childOf(one), ...childOf(other)]);
          children = [...children.filter((child) => !child.isSubsetOf(union)), union];
        }
      }
      const expected = numbers.map((each) => !childOf(each).isDisjointFrom(shields));
      const found = await Promise.all(numbers.map(async (each) => (await factsOf(each))?.shielded));
      expect(found).toEqual(expected);
    }),
    { numRuns: 40 },
  );
});
