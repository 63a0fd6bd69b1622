import type { TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ingestDirectory } from './ingest.ts';
import { mergeIdentities } from './merge-identities.ts';
import { registerIdentities } from './register.ts';
import { askAs, caller, startDirectory } from './testing/directory.ts';
import { EMPTY, RELATED, related, SHIELDED, shielded, UNRELATED } from './testing/identities.ts';

let directory: TestSubgraph;
let announced: unknown[];
beforeAll(async () => {
  directory = await startDirectory();
  await directory.store.listen('contactpoint_change', (payload) => announced.push(JSON.parse(payload)));
});
afterAll(() => directory?.stop());
beforeEach(() => {
  announced = [];
});

const steward = caller('identity-steward', 'MATCH');
const nurse = caller('school-nurse', 'DC');
const one = (id: string) => ({ children: [id] });

describe('announces whose facts change', () => {
  test('an involvement that is recorded, and that is ended', async () => {
    const record = `mutation { recordInvolvement(
      input: { childId: "${UNRELATED}", service: "School nursing", from: "2026-01-05" }) { involvements { id } } }`;
    await askAs(directory, nurse, record);
    await vi.waitFor(() => expect(announced).toEqual([one(UNRELATED)]));
    const [recorded] = await directory.store<{ id: string }[]>`
      select id from involvement where practitioner_id = 'p-school-nurse'`;
    const end = `mutation { endInvolvement(
      childId: "${UNRELATED}", id: "${recorded?.id}", endedOn: "2026-01-06") { id } }`;
    await askAs(directory, nurse, end);
    await vi.waitFor(() => expect(announced).toEqual([one(UNRELATED), one(UNRELATED)]));
  });

  test('a shield that is set, and that is lifted', async () => {
    for (const mutation of ['shieldChild', 'unshieldChild'])
      await askAs(
        directory,
        steward,
        `mutation { ${mutation}(id: "${RELATED}", reason: "The father found out") { id } }`,
      );
    await vi.waitFor(() => expect(announced).toEqual([one(RELATED), one(RELATED)]));
  });

  test('an import', async () => {
    const [result] = await directory.store.begin((sql) =>
      registerIdentities(sql, [
        { ref: '1', authority: '976', localId: 'n-1', dateOfBirth: '2015-05-05', sex: 'MALE' },
      ]),
    );
    await vi.waitFor(() => expect(announced).toEqual([one(result?.childId ?? '')]));
  });

  test('an ingest', async () => {
    await ingestDirectory(directory.store, [related, shielded]);
    const told = () => new Set((announced as { children: string[] }[]).flatMap(({ children }) => children));
    await vi.waitFor(() => expect(told()).toEqual(new Set([RELATED, SHIELDED])));
  });

  test.each([
    ['taken away by hand', `delete from involvement where child_id = '${RELATED}' and unlisted`],
    ['dated by hand', `update involvement set involved_to = involved_from where child_id = '${RELATED}'`],
    ['no longer held by hand', `delete from record_holder where child_id = '${RELATED}'`],
    ['shielded by hand', `update shield set reason = reason || '.' where child_id = '${RELATED}'`],
  ])('what the owner of the database does: %s', async (_case, statement) => {
    // One transaction says a thing once.
    await directory.store.begin(async (sql) => {
      await sql`
        insert into involvement (id, child_id, organisation_id, sector, service, involved_from, is_lead, unlisted)
        values (gen_random_uuid(), ${RELATED}, 'LA-975', 'SOCIAL_CARE', 'Team', '2025-01-01', false, true)`;
      await sql`
        insert into record_holder (child_id, sector, organisation_id, held_from)
        values (${RELATED}, 'HEALTH', 'TRUST-01', '2025-01-01') on conflict do nothing`;
    });
    await vi.waitFor(() => expect(announced).toEqual([one(RELATED)]));
    announced = [];
    await directory.store.unsafe(statement);
    await vi.waitFor(() => expect(announced).toEqual([one(RELATED)]));
  });

  test('a merge, and from then on every number of the child', async () => {
    const reason = 'Both were seen with the same passport';
    const at = new Date();
    await mergeIdentities(directory.store, { from: EMPTY, into: SHIELDED, by: 'p', reason, at });
    const both = expect.objectContaining({ children: expect.toSatisfy(isBoth) });
    await vi.waitFor(() => expect(announced).toEqual([both]));
    await directory.store`update shield set lifted_at = now(), lifted_by = 'p', lift_reason = 'over'
      where child_id = ${SHIELDED}`;
    await vi.waitFor(() => expect(announced).toEqual([both, both]));
  });

  test('what is said of a child without changing its facts is not announced', async () => {
    await directory.store`update child set family_name = 'Other' where id = ${RELATED}`;
    await directory.store`update address set town = 'Elsewhere' where child_id = ${RELATED}`;
    await directory.store`insert into shield (child_id, shielded_at, shielded_by, reason)
      values (${UNRELATED}, now(), 'p', 'the last one is told, so that the wait has an end')`;
    await vi.waitFor(() => expect(announced).toEqual([one(UNRELATED)]));
  });

  test('tables that are emptied mean everything', async () => {
    await directory.store`truncate shield`;
    await vi.waitFor(() => expect(announced).toEqual(['everything']));
  });
});

function isBoth(children: unknown): boolean {
  return (
    Array.isArray(children) && new Set(children).symmetricDifference(new Set([EMPTY, SHIELDED])).size === 0
  );
}
