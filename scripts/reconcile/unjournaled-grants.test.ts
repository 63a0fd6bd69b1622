import { expect, test } from 'vitest';
import { Interruptions } from './interruptions.ts';
import type { JournalEntry } from './journal-entry.ts';
import type { GrantLog, LoggedGrant } from './logged-grants.ts';
import { reconcile } from './reconcile.ts';
import { showReconciliation } from './show-reconciliation.ts';
import { UnreadableLeaves } from './unreadable-leaves.ts';

const ORIGIN = 'contactpoint.test/gateway-1/20261122T101500Z-4f2a';
const AT = '2026-11-22T12:00:00.000Z';
const jtiOf = (n: number) => `jti-${String(n).padStart(4, '0')}`;
const grantOf = (n: number): LoggedGrant => ({
  ...{ jti: jtiOf(n), evt: '0'.repeat(64), origin: ORIGIN, index: String(n), keptAt: AT, part: 1, parts: 1 },
});
const entryOf = (n: number): JournalEntry => ({
  ...{ jti: jtiOf(n), evt: '0'.repeat(64), iss: ORIGIN, at: AT, practitioner: 'p', operation: 'query' },
  ...{ child: null, coordinates: [] },
});

async function* inOrder<Item>(items: readonly Item[]): AsyncGenerator<Item> {
  yield* items;
}

/** A log of so many grants, and one journal that knows some of them. */
async function reconciled(grants: number, journaled: readonly number[]) {
  const log: GrantLog = {
    grants: inOrder(Array.from({ length: grants }, (_, n) => grantOf(n))),
    unreadable: new UnreadableLeaves(),
    eventsOf: async () => new Map(),
  };
  return await reconcile({
    journals: [{ subgraph: 'health', entries: inOrder(journaled.map(entryOf)) }],
    log,
    interruptions: new Interruptions([ORIGIN], []),
    ...{ directory: undefined, removed: undefined, owners: new Map() },
    readAt: new Date('2026-11-23T00:00:00Z'),
  });
}

test('a grant that no journal knows is named with the event that lists it, so that somebody can follow it up', async () => {
  const found = await reconciled(3, [0, 2]);
  expect(found.unjournaled).toBe(1);
  expect(found.unjournaledGrants).toEqual([{ jti: 'jti-0001', origin: ORIGIN, index: '1', at: AT }]);
  const shown = showReconciliation(found);
  expect(shown).toContain(`  ${AT} jti-0001 of ${ORIGIN} 1\n`);
  expect(shown).toContain('Nothing was shown past the log.');
});

test('a thousand are named, of which twenty are shown, and all are counted', async () => {
  const found = await reconciled(1_200, []);
  expect(found.unjournaled).toBe(1_200);
  expect(found.unjournaledGrants).toHaveLength(1_000);
  const shown = showReconciliation(found);
  expect(shown.match(/jti-/g)).toHaveLength(20);
  expect(shown).toContain('with --json there are more');
});
