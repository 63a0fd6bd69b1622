import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startOversight, type TestOversight } from '../testing/oversight.ts';
import { childOf } from '../testing/readings.ts';

const ACCESSES = `query ($from: Date!, $to: Date!, $by: [FigureDimension!]!, $first: Int, $after: String) {
  accessFigures(from: $from, to: $to, by: $by, first: $first, after: $after) {
    countedTo endCursor hasNextPage figures { day organisationId purpose accesses } } }`;
const WITHHELD = `query ($from: Date!, $to: Date!) {
  withheldFigures(from: $from, to: $to) { figures { reason requests } } }`;

interface Figure {
  readonly day: string | null;
  readonly organisationId: string | null;
  readonly purpose: string | null;
  readonly accesses: number;
}

let oversight: TestOversight;
let usedDays = 0;

beforeAll(async () => {
  oversight = await startOversight();
});
afterAll(() => oversight?.[Symbol.asyncDispose]());

/** A day of its own, long over. */
function newDay(): string {
  return new Date(Date.UTC(2025, 0, 1 + usedDays++)).toISOString().slice(0, 10);
}

/** Keeps accesses on a day; each shows children by their places, what else is given replaces what is usual. */
async function happened(
  day: string,
  ...accesses: readonly (Partial<AccessEvent> & {
    readonly of: readonly number[];
    readonly withheld?: string[];
  })[]
): Promise<void> {
  for (const { of, withheld = [], ...event } of accesses) {
    const subjects = of.map((child) => ({
      ...{ child: childOf(child), released: ['Child.familyName'], withheld, policies: [] },
    }));
    await oversight.record({ at: `${day}T12:00:00.000Z`, subjects, ...event });
  }
}

/** As many accesses, each to a child of its own. */
const each = (count: number, event: Partial<AccessEvent> & { withheld?: string[] } = {}, from = 0) =>
  Array.from({ length: count }, (_, place) => ({ ...event, of: [from + place] }));

async function figures(
  from: string,
  to: string,
  by: readonly string[] = ['DAY'],
): Promise<readonly Figure[]> {
  const { data, errors } = await oversight.ask(ACCESSES, { from, to, by, first: 1_200 });
  expect(errors).toBeUndefined();
  expect(data.accessFigures.hasNextPage).toBe(false);
  return data.accessFigures.figures;
}

const accessesOn = async (day: string, by: readonly string[] = []) =>
  (await figures(day, day, by)).map(({ organisationId, purpose, accesses }) => [
    organisationId,
    purpose,
    accesses,
  ]);
const withheldOn = async (from: string, to = from): Promise<{ reason: string | null; requests: number }[]> =>
  (await oversight.ask(WITHHELD, { from, to })).data.withheldFigures.figures;

const BOTH = ['ORGANISATION', 'PURPOSE'];

describe('accessFigures', () => {
  test('tells accesses by day, organisation and purpose', async () => {
    const day = newDay();
    await happened(day, ...each(6), ...each(7, { organisation: 'LA-1', purpose: 'S17' }, 50));
    expect(await accessesOn(day, BOTH)).toEqual([
      ['LA-1', 'S17', 7],
      ['LA-975', 'S47', 6],
    ]);
    expect(await figures(day, day)).toEqual([{ day, organisationId: null, purpose: null, accesses: 13 }]);
  });

  test.each([
    ['four children', each(4)],
    ['one child, again and again', Array.from({ length: 30 }, () => ({ of: [1] }))],
    ['one question that found forty children', [{ of: Array.from({ length: 40 }, (_, place) => place) }]],
  ])('says nothing of a day of %s', async (_case, accesses) => {
    const day = newDay();
    await happened(day, ...accesses);
    for (const by of [[], ['DAY'], BOTH]) expect(await accessesOn(day, by)).toEqual([]);
    expect(await withheldOn(day)).toEqual([]);
  });

  test('one organisation’s four are among those of others, and not to be had by taking the others away', async () => {
    const day = newDay();
    await happened(day, ...each(9), ...each(4, { organisation: 'SCHOOL-900001' }, 20));
    expect(await accessesOn(day, BOTH)).toEqual([[null, null, 13]]);
    expect(await accessesOn(day, ['PURPOSE'])).toEqual([[null, null, 13]]);
    expect(await accessesOn(day)).toEqual([[null, null, 13]]);
  });

  test('several small ones stand together by their purpose, where that is enough', async () => {
    const day = newDay();
    const schools = ['SCHOOL-1', 'SCHOOL-2', 'SCHOOL-3'];
    const ofSchools = schools.flatMap((organisation, place) =>
      each(3, { organisation, purpose: 'ED' }, 10 * place),
    );
    await happened(day, ...each(8, {}, 100), ...ofSchools);
    expect(await accessesOn(day, BOTH)).toEqual([
      [null, 'ED', 9],
      ['LA-975', 'S47', 8],
    ]);
  });

  test('a day that still runs has no number yet: two questions would tell what came between them', async () => {
    const today = new Date().toISOString();
    await happened(today.slice(0, 10), ...each(9, { at: today }));
    expect(await figures(today.slice(0, 10), today.slice(0, 10))).toEqual([]);
  });

  test('a day that was counted stays as it was, whatever comes or goes later', async () => {
    const day = newDay();
    await happened(day, ...each(6));
    expect(await accessesOn(day)).toEqual([[null, null, 6]]);
    await happened(day, { of: [77] });
    expect(await accessesOn(day)).toEqual([[null, null, 6]]);
    await oversight.subgraph.store`truncate access_event, access_subject, log_cursor`;
    expect(await accessesOn(day)).toEqual([[null, null, 6]]);
  });

  test('counts what reached a record, each once: no import, no intent, no copy, no question to the log', async () => {
    const day = newDay();
    const [nonce, copy] = ['ab'.repeat(16), 'cd'.repeat(16)];
    const usedAnswer = { origin: 'contactpoint.test/a/00', index: '1', use: 'COPIED' as const };
    await happened(
      day,
      ...each(5),
      { of: [30], kind: 'intent', nonce },
      { of: [30], kind: 'outcome', nonce, intentIndex: 0n },
      { of: [31], kind: 'import' },
      { of: [0], kind: 'intent', nonce: copy, usedAnswer },
      { of: [0], kind: 'outcome', nonce: copy, usedAnswer, intentIndex: 0n },
    );
    const question = { child: childOf(32), released: ['Query.accessEvents'], withheld: [], policies: [] };
    await oversight.record({ at: `${day}T12:00:00.000Z`, subjects: [question] });
    expect(await accessesOn(day)).toEqual([[null, null, 6]]);
  });

  test('what a caller wrote as a purpose, and is none, is in no answer', async () => {
    const day = newDay();
    await happened(day, ...each(6, { purpose: 'Jane Doe' }));
    expect(await accessesOn(day, BOTH)).toEqual([[null, null, 6]]);
  });

  test('its days are those of London', async () => {
    const before = { at: '2024-06-30T22:59:59.000Z' };
    const after = { at: '2024-06-30T23:00:00.000Z' };
    await happened('', ...each(5, before), ...each(6, after));
    expect(await figures('2024-06-01', '2024-07-31')).toMatchObject([
      { day: '2024-06-30', accesses: 5 },
      { day: '2024-07-01', accesses: 6 },
    ]);
  });

  test('gives pages', async () => {
    const [from, to] = [newDay(), newDay()];
    await happened(from, ...each(5));
    await happened(to, ...each(5));
    const ask = async (after?: string) =>
      (await oversight.ask(ACCESSES, { from, to, by: ['DAY'], first: 1, after })).data.accessFigures;
    const first = await ask();
    expect(first).toMatchObject({ hasNextPage: true, figures: [{ day: from }] });
    expect(await ask(first.endCursor)).toMatchObject({ hasNextPage: false, figures: [{ day: to }] });
  });

  test.each([
    ['more than a year', { to: '2026-06-01' }, 'to', 'RANGE'],
    ['an end before the beginning', { to: '2024-12-31' }, 'to', 'ORDER'],
    ['a day that is none', { from: '2025-02-30' }, 'from', 'FORM'],
    ['an hour in place of a day', { from: '2025-01-01T10:00:00Z' }, 'from', 'FORM'],
    ['a page of none', { first: 0 }, 'first', 'RANGE'],
    ['a page too large', { first: 1_201 }, 'first', 'RANGE'],
    ['a cursor that is none', { after: '1; drop' }, 'after', 'FORM'],
  ])('refuses %s, and says what is wrong with which argument', async (_case, changed, argument, problem) => {
    const { errors } = await oversight.ask(ACCESSES, {
      from: '2025-01-01',
      to: '2025-01-02',
      by: [],
      ...changed,
    });
    expect(errors?.[0]?.extensions).toEqual({ code: 'BAD_USER_INPUT', argument, problem });
  });

  test.each(['accessFigures', 'withheldFigures'])(
    '%s takes the scope, and audit:read is another one',
    async (name) => {
      const list = name === 'accessFigures' ? 'accesses' : 'requests';
      const query = `{ ${name}(from: "2025-01-01", to: "2025-01-02") { figures { ${list} } } }`;
      const { data, errors } = await oversight.ask(query, {}, { scopes: ['audit:read'] });
      expect(data[name]).toBeNull();
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'SCOPE' });
      const administrator = { role: 'administrator', scopes: ['oversight:figures'] };
      expect((await oversight.ask(query, {}, administrator)).errors).toBeUndefined();
    },
  );
});

describe('withheldFigures', () => {
  test('tells requests by what was withheld, each under what weighs most', async () => {
    const day = newDay();
    await happened(
      day,
      ...each(5),
      ...each(6, { outcome: 'PARTIAL', withheld: ['Child.addresses', 'Child.conditions'] }, 10),
      ...each(7, { outcome: 'REFUSED', withheld: ['Child.id', 'Child.conditions'] }, 20),
      ...Array.from({ length: 8 }, () => ({
        ...{ of: [], outcome: 'REFUSED' as const },
        refusal: { code: 'ACCREDITATION_LAPSED', detail: 'TRAINING' },
      })),
    );
    expect(await withheldOn(day)).toEqual([
      { reason: 'ACCREDITATION_LAPSED TRAINING', requests: 8 },
      { reason: 'IDENTITY', requests: 7 },
      { reason: 'SPECIAL', requests: 6 },
      { reason: 'NOTHING', requests: 5 },
    ]);
  });

  test('what few were refused is not to be had from the number of all', async () => {
    const day = newDay();
    await happened(day, ...each(9), ...each(2, { outcome: 'PARTIAL', withheld: ['Child.conditions'] }, 20));
    expect(await accessesOn(day)).toEqual([[null, null, 11]]);
    expect(await withheldOn(day)).toEqual([{ reason: null, requests: 11 }]);
  });

  test('a refusal’s detail is one of ours or none: no correlation id', async () => {
    const day = newDay();
    const refusal = { code: 'INTERNAL_SERVER_ERROR', detail: '5f2b8c1e' };
    await happened(
      day,
      ...Array.from({ length: 6 }, () => ({ of: [], outcome: 'REFUSED' as const, refusal })),
    );
    expect(await withheldOn(day)).toEqual([{ reason: 'INTERNAL_SERVER_ERROR', requests: 6 }]);
  });
});

describe('however it is asked', () => {
  const days = Array.from({ length: 5 }, newDay);
  const pick = pseudoRandom(20_260_101);
  const dimensions = [[], ['DAY'], ['ORGANISATION'], ['PURPOSE'], BOTH, ['DAY', ...BOTH]];

  beforeAll(async () => {
    for (const day of days) {
      const accesses = Array.from({ length: 12 + pick(40) }, () => ({
        of: Array.from({ length: 1 + pick(2) }, () => pick(12)),
        organisation: `LA-${pick(4)}`,
        purpose: ['S47', 'S17', 'ED'][pick(3)] ?? 'DC',
        withheld: pick(3) === 0 ? ['Child.conditions'] : [],
      }));
      await happened(day, ...accesses);
    }
  }, 120_000);

  /** Every range of days, the whole and each part of it. */
  const ranges = days.flatMap((from, place) => days.slice(place).map((to) => [from, to] as const));
  const isTold = (number: number) => number === 0 || number >= 5;
  const sum = (rows: readonly { readonly accesses: number }[]) =>
    rows.reduce((total, { accesses }) => total + accesses, 0);

  test('no number is below five, and none becomes so by taking away what else is told', async () => {
    for (const [from, to] of ranges) {
      const [total = 0] = (await figures(from, to, [])).map(({ accesses }) => accesses);
      const withheld = await withheldOn(from, to);
      expect(withheld.map(({ requests }) => requests).filter((number) => number < 5)).toEqual([]);
      expect(isTold(Math.abs(total - withheld.reduce((all, { requests }) => all + requests, 0)))).toBe(true);
      for (const by of dimensions) {
        const rows = await figures(from, to, by);
        expect(rows.filter(({ accesses }) => accesses < 5)).toEqual([]);
        expect(sum(rows)).toBe(total);
        for (const key of ['organisationId', 'purpose'] as const) {
          const wholes = Map.groupBy(rows, (row) => row[key]);
          for (const [, parts] of wholes) {
            const named = parts.filter(
              ({ organisationId, purpose }) => organisationId !== null && purpose !== null,
            );
            expect(isTold(sum(parts) - sum(named))).toBe(true);
          }
        }
      }
    }
  });

  test('the narrower range taken from the wider leaves nothing below five', async () => {
    const totals = new Map<string, number>();
    for (const [from, to] of ranges) totals.set(`${from} ${to}`, sum(await figures(from, to, [])));
    for (const [from, to] of ranges) {
      for (const [later, earlier] of ranges) {
        if (later < from || earlier > to) continue;
        const left = (totals.get(`${from} ${to}`) ?? 0) - (totals.get(`${later} ${earlier}`) ?? 0);
        expect(isTold(left)).toBe(true);
      }
    }
  });
});

/** The same numbers every time, from 0 to below the limit. */
function pseudoRandom(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
