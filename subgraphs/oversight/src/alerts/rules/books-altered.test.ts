import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Projection } from '../../projection/projection.ts';
import { CHILD, startOversight, type TestOversight } from '../../testing/oversight.ts';

let oversight: TestOversight;
let store: Store;
let audit: Store;
let projection: Projection;
beforeEach(async () => {
  oversight = await startOversight();
  store = oversight.subgraph.store;
  audit = connect(oversight.database.readerUrl, { max: 1 });
  projection = new Projection({ store, audit });
});
afterEach(async () => {
  await audit.end();
  await oversight[Symbol.asyncDispose]();
});

const raised = async () => {
  await projection.lookThrough();
  const rows = await store<
    { note: string }[]
  >`select note from alert where rule = 'BOOKS_ALTERED' order by id`;
  return rows.map(({ note }) => note);
};

test('BOOKS_ALTERED is raised when an alert was taken away, and again when that one was', async () => {
  for (const leaf of ['no event', 'nor this']) await oversight.log.append(Buffer.from(leaf));
  await projection.catchUp();
  expect(await raised()).toEqual([]);
  await store`delete from alert where rule = 'LEAF_UNREADABLE' and index = 0`;
  expect(await raised()).toEqual(['alert: 1 of 2']);
  expect(await raised()).toHaveLength(1);
  await store`delete from alert where rule = 'BOOKS_ALTERED'`;
  expect(await raised()).toEqual(['alert: 1 of 3']);
});

test('BOOKS_ALTERED is raised when a lawful hold was taken away, and not by placing one or ending it', async () => {
  const place = `mutation { placeLawfulHold(hold: { childId: "${CHILD}", reference: "Court order 17" }) { id } }`;
  const { data } = await oversight.ask(place);
  const { id } = data.placeLawfulHold;
  await oversight.ask(`mutation { endLawfulHold(childId: "${CHILD}", id: "${id}") { id } }`);
  expect(await raised()).toEqual([]);
  await store`delete from lawful_hold`;
  expect(await raised()).toEqual(['lawful_hold: 0 of 1']);
});

test('BOOKS_ALTERED is raised when what auditors wrote was emptied', async () => {
  await store`
    insert into override_review (origin, index, outcome, note, reviewer_id, reviewed_at)
    values ('o', 1, 'JUSTIFIED', 'Asked the ward', 'p-auditor', now())`;
  expect(await raised()).toEqual([]);
  await store`truncate override_review`;
  expect(await raised()).toEqual(['override_review: 0 of 1']);
});
