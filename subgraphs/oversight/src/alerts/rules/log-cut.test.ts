import { forgetLeaves } from '@contactpoint/audit-log/testing/forget-leaves';
import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../../testing/oversight.ts';

let oversight: TestOversight;
let owner: Store;
beforeEach(async () => {
  oversight = await startOversight();
  owner = connect(oversight.database.ownerUrl, { max: 1 });
});
afterEach(async () => {
  await owner.end();
  await oversight[Symbol.asyncDispose]();
});

/** What only somebody with the whole server in hand can do: no trigger stands in the way. */
async function tamper(statement: string): Promise<void> {
  await owner.unsafe(`set session_replication_role = replica; ${statement}; reset all`);
}

/** Those of the log itself; its accesses raise others. */
async function alerts() {
  const { data } = await oversight.ask(
    '{ alerts { alerts { rule practitionerId note events { index practitionerId } } } }',
  );
  type Alert = { readonly rule: string; readonly note: string; readonly events: readonly object[] };
  return ((data.alerts?.alerts ?? []) as Alert[]).filter(({ rule }) => rule.startsWith('LO'));
}

describe('LOG_CUT', () => {
  test('is raised when leaves went that no checkpoint covers, and leads to the events that went with them', async () => {
    for (const practitioner of ['p-1', 'p-2', 'p-3']) await oversight.record({ practitioner });
    expect(await alerts()).toEqual([]);
    await tamper('delete from leaf where index >= 1');
    const cut = {
      ...{ rule: 'LOG_CUT', practitionerId: null, note: `${oversight.log.origin} 1` },
      events: ['p-3', 'p-2'].map((practitionerId, place) => ({ index: String(2 - place), practitionerId })),
    };
    expect(await alerts()).toEqual([cut]);
    expect(await alerts()).toEqual([cut]);
  });

  test('is raised when a whole log went', async () => {
    await oversight.record();
    await alerts();
    await tamper('delete from leaf; delete from writer_session');
    expect(await alerts()).toMatchObject([{ rule: 'LOG_CUT', note: `${oversight.log.origin} 0` }]);
  });

  test('is raised when another leaf stands in the last one’s place', async () => {
    await oversight.record();
    await oversight.record();
    await alerts();
    await tamper(
      "update leaf set leaf = 'forged', leaf_hash = sha256('\\x00'::bytea || 'forged') where index = 1",
    );
    expect(await alerts()).toMatchObject([{ rule: 'LOG_CUT', note: `${oversight.log.origin} 1` }]);
  });

  test('is not raised by what was pruned, by a rebuild, or while a log grows', async () => {
    await oversight.record();
    await oversight.record();
    await alerts();
    await owner`
      insert into checkpoint (origin, size, root_hash, signed_note)
      values (${oversight.log.origin}, 2, ${Buffer.alloc(32)}, 'note')`;
    await forgetLeaves(owner, oversight.log.origin, [1]);
    expect(await alerts()).toEqual([]);
    await oversight.subgraph.store`truncate access_event, access_subject, log_cursor`;
    expect(await alerts()).toEqual([]);
    await oversight.record();
    expect(await alerts()).toEqual([]);
  });
});
