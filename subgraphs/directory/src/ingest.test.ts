import type { TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ingestBrokers, ingestDirectory } from './ingest.ts';
import { startDirectory } from './testing/directory.ts';
import { identities, RELATED, related, SHIELDED, shielded, unrelated } from './testing/identities.ts';

let directory: TestSubgraph;
beforeEach(async () => {
  directory = await startDirectory();
});
afterEach(() => directory?.stop());

const TABLES = [
  'child',
  'identifier',
  'search_key',
  'address',
  'carer',
  'involvement',
  'record_holder',
  'shield',
];

async function counts(): Promise<Record<string, number>> {
  const counted = TABLES.map(async (table) => {
    const rows = await directory.store`select from ${directory.store(table)}`;
    return [table, rows.length] as const;
  });
  return Object.fromEntries(await Promise.all(counted));
}

describe('ingestDirectory', () => {
  test('changes nothing the second time', async () => {
    const before = await counts();
    await ingestDirectory(directory.store, identities);
    await ingestBrokers(directory.store, [{ authority: '975', phone: '01632 960099' }]);
    expect(await counts()).toEqual(before);
    expect(Object.values(before).every((count) => count > 0)).toBe(true);
  });

  test('replaces what the source has changed', async () => {
    await ingestDirectory(directory.store, [{ ...related, familyName: 'Moore', addresses: [] }]);
    expect(
      await directory.store`
        select family_name, (select count(*)::int from address where child_id = child.id) as addresses
        from child where id = ${RELATED}`,
    ).toEqual([{ family_name: 'Moore', addresses: 0 }]);
  });

  test('never takes a shield off', async () => {
    await ingestDirectory(directory.store, [{ ...shielded, shielded: false }]);
    expect(
      await directory.store`select from shield where child_id = ${SHIELDED} and lifted_at is null`,
    ).toHaveLength(1);
  });

  test('takes none of a thousand where one is wrong', async () => {
    const before = await counts();
    const thief = { ...unrelated, identifiers: related.identifiers };
    await expect(ingestDirectory(directory.store, [{ ...shielded, addresses: [] }, thief])).rejects.toThrow();
    await expect(ingestDirectory(directory.store, [{ ...related, id: 'lower-case' }])).rejects.toThrow(
      RangeError,
    );
    expect(await counts()).toEqual(before);
  });
});
