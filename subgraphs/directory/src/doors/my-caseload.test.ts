import type { TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ingestDirectory } from '../ingest.ts';
import type { IdentityRecord } from '../record.ts';
import { askAs, caller, reasonsOf, startDirectory } from '../testing/directory.ts';
import { EMPTY, RELATED, related, SHIELDED } from '../testing/identities.ts';

const CASELOAD = `query ($first: Int, $after: String) {
  myCaseload(first: $first, after: $after) { children { id familyName } endCursor hasNextPage } }`;

const busy = caller('social-worker', 'S17', { sub: 'p-busy' });

/** Sixty children, two of them begun on each day, the last of all twice. */
const cases: readonly IdentityRecord[] = Array.from({ length: 60 }, (_, place) => {
  const id = `00000000000C${String(1000 + place)}`;
  const involvement = (suffix: string, from: string, to?: string) => ({
    id: `${id}-${suffix}`,
    practitionerId: 'p-busy',
    organisationId: 'LA-975',
    sector: 'SOCIAL_CARE' as const,
    service: 'Duty team',
    allocated: false,
    brokered: false,
    isLead: false,
    from,
    ...(to === undefined ? {} : { to }),
  });
  const day = `2024-03-${String(1 + Math.floor(place / 2)).padStart(2, '0')}`;
  return {
    ...related,
    id,
    identifiers: [],
    recordHolders: [],
    involvements: [
      involvement('open', day),
      involvement('before', '2019-01-01'),
      involvement('closed', '2024-06-01', '2024-06-30'),
    ],
  };
});

let directory: TestSubgraph;
beforeAll(async () => {
  directory = await startDirectory();
  await ingestDirectory(directory.store, cases);
});
afterAll(() => directory?.stop());

describe('myCaseload', () => {
  test('pages through each child once, newest first', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    for (let page = 0; page < 10; page++) {
      const { data } = await askAs(directory, busy, CASELOAD, { first: 7, after });
      seen.push(...data.myCaseload.children.map(({ id }: { id: string }) => id));
      after = data.myCaseload.endCursor;
      if (!data.myCaseload.hasNextPage) break;
    }
    expect(seen).toHaveLength(60);
    expect(new Set(seen).size).toBe(60);
    const pairs = (ids: readonly string[]) => ids.map((id) => Math.floor((Number(id.slice(-4)) - 1000) / 2));
    expect(pairs(seen)).toEqual([...pairs(seen)].sort((one, other) => other - one));
  });

  test('gives 20 at a time and never more than 50', async () => {
    const sizes = await Promise.all(
      [undefined, 50, 1000].map(async (first) => {
        const { data } = await askAs(directory, busy, CASELOAD, { first });
        return data.myCaseload.children.length;
      }),
    );
    expect(sizes).toEqual([20, 50, 50]);
  });

  test('holds the shielded child, and one whose involvement is not listed', async () => {
    const { data } = await askAs(directory, caller('teacher', 'ED'), CASELOAD);
    const ids = data.myCaseload.children.map(({ id }: { id: string }) => id);
    expect(ids.sort()).toEqual([EMPTY, RELATED, SHIELDED]);
  });

  test('is empty for who works with nobody', async () => {
    const { data } = await askAs(directory, caller('teacher', 'ED', { sub: 'p-new' }), CASELOAD);
    expect(data).toEqual({ myCaseload: { children: null, endCursor: null, hasNextPage: false } });
  });

  test("takes no cursor but the list's own", async () => {
    const { data } = await askAs(directory, busy, CASELOAD, { first: 1 });
    for (const [who, after] of [
      [caller('teacher', 'ED'), data.myCaseload.endCursor],
      [busy, 'nonsense'],
      [busy, '00000000-0000-0000-0000-000000000000'],
    ] as const) {
      expect(reasonsOf(await askAs(directory, who, CASELOAD, { after }))).toEqual({
        myCaseload: 'BAD_USER_INPUT',
      });
    }
    expect(data.myCaseload.endCursor).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ['another purpose', caller('teacher', 'S47'), 'PURPOSE'],
    ['a role without children', caller('administrator', 'AUD'), 'POLICY'],
  ])('refuses %s, with children or without', async (_case, who, reason) =>
    expect(reasonsOf(await askAs(directory, who, CASELOAD))).toEqual({ myCaseload: reason }),
  );
});
