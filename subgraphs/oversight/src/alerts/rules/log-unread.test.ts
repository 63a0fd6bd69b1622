import { connect, type Store } from '@contactpoint/subgraph-kit/store';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Projection } from '../../projection/projection.ts';
import { startOversight, type TestOversight } from '../../testing/oversight.ts';

let oversight: TestOversight;
let owner: Store;
let audit: Store;
let projection: Projection;
beforeEach(async () => {
  oversight = await startOversight();
  owner = connect(oversight.database.ownerUrl, { max: 1 });
  audit = connect(oversight.database.readerUrl, { max: 1 });
  projection = new Projection({ store: oversight.subgraph.store, audit });
});
afterEach(async () => {
  await Promise.all([owner.end(), audit.end()]);
  await oversight[Symbol.asyncDispose]();
});

/** What only somebody with the whole server in hand can do: no trigger stands in the way. */
async function tamper(statement: string): Promise<void> {
  await owner.unsafe(`set session_replication_role = replica; ${statement}; reset all`);
}

const cover = (size: number) => owner`
  insert into checkpoint (origin, size, root_hash, signed_note)
  values (${oversight.log.origin}, ${size}, ${Buffer.alloc(32)}, 'note')`;

const raised = async () =>
  (await oversight.subgraph.store<{ note: string }[]>`select note from alert where rule = 'LOG_UNREAD'`).map(
    ({ note }) => note,
  );

const readers = async () =>
  (
    await oversight.subgraph.store<{ practitioner: string }[]>`
      select practitioner_id as practitioner from access_event order by index`
  ).map(({ practitioner }) => practitioner);

async function readBy(...practitioners: readonly string[]): Promise<void> {
  for (const practitioner of practitioners) await oversight.record({ practitioner });
}

describe('LOG_UNREAD', () => {
  test('is raised of a log that was taken out of the table of writers, and its events come all the same', async () => {
    await readBy('p-1', 'p-2');
    await tamper('delete from append_position; delete from writer_session');
    await cover(2);
    await projection.catchUp();
    expect(await readers()).toEqual([]);
    await projection.lookThrough();
    await projection.catchUp();
    expect(await raised()).toEqual([`${oversight.log.origin} 0`]);
    expect(await readers()).toEqual(['p-1', 'p-2']);
    await projection.lookThrough();
    expect(await raised()).toHaveLength(1);
  });

  test('is raised of a log that was said to end before its end, and its events come all the same', async () => {
    await readBy('p-1');
    await projection.catchUp();
    await readBy('p-2', 'p-3');
    await tamper('update append_position set next_index = 1');
    await cover(3);
    await projection.catchUp();
    expect(await readers()).toEqual(['p-1']);
    await projection.lookThrough();
    await projection.catchUp();
    expect(await raised()).toEqual([`${oversight.log.origin} 1`]);
    expect(await readers()).toEqual(['p-1', 'p-2', 'p-3']);
  });

  test('is not raised of what is read, nor of what nobody has signed yet', async () => {
    await readBy('p-1', 'p-2');
    await projection.lookThrough();
    await cover(2);
    await projection.lookThrough();
    await readBy('p-3');
    await projection.lookThrough();
    expect(await raised()).toEqual([]);
  });
});
