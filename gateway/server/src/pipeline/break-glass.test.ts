import type { Changed } from '@contactpoint/access/change';
import type { OverrideAnswer, OverrideWindow } from '@contactpoint/access/override';
import type { ExecuteInput } from '@contactpoint/executor/execution';
import type { PendingFetch } from '@contactpoint/executor/hooks';
import { describe, expect, test } from 'vitest';
import type { GrantContent } from '../subgraphs/grants.ts';
import { JOINED, NO_RELATIONSHIP, NOW, principalOf, TEAM_SHIELDED, UNRELATED } from '../testing/personas.ts';
import { type Asking, pipelineInTest, requestFor } from '../testing/pipeline.ts';

const VIEW = `query ($id: ID!, $b: ID = "${JOINED}") {
  child(id: $id) { addresses { town } mentalHealthService { name } } b: child(id: $b) { familyName } }`;
const ONE = 'query ($id: ID!) { child(id: $id) { addresses { town } mentalHealthService { name } } }';
const END =
  'mutation ($id: ID!) { endInvolvement(childId: $id, id: "i", endedOn: "2026-01-01") { familyName } }';
const BREAKING: Asking = {
  headers: {
    authorization: 'Bearer screener',
    override: 'break-glass',
    reason: 'a child was found alone tonight',
  },
};
const READING: Asking = { headers: { authorization: 'Bearer screener' } };

const windowOf = (child: string, until = '2026-06-15T13:00:00.000Z'): OverrideWindow => ({
  child,
  evt: 'f'.repeat(64),
  until,
});

/** A pipeline whose executor asks the directory's door and health for two children. */
function inTest(
  open: (childId: string) => Promise<OverrideAnswer>,
  { overrides = [] as OverrideWindow[], known = {} } = {},
) {
  const steps: string[] = [];
  const forgotten: Changed[] = [];
  const signed: GrantContent[] = [];
  const fetch = (subgraph: string, more: Partial<PendingFetch>): PendingFetch => ({
    ...{ subgraph, kind: 'query', query: '{ x }', variables: {}, representations: undefined },
    coordinates: [],
    ...more,
  });
  const screener = { ...principalOf('mash-screener'), overrides };
  const pipeline = pipelineInTest({
    principals: { screener },
    known: { [JOINED]: NO_RELATIONSHIP, [UNRELATED]: NO_RELATIONSHIP, ...known },
    async execute({ hooks }: ExecuteInput) {
      steps.push('executed');
      const representations = [JOINED, UNRELATED].map((id) => ({ __typename: 'Child', id }));
      const fetches = [
        fetch('directory', { coordinates: ['Query.child'] }),
        fetch('health', { representations, coordinates: ['Child.mentalHealthService', 'Contact.name'] }),
        fetch('directory', { representations, coordinates: ['Child.addresses', 'Address.town'] }),
      ];
      for (const each of fetches) {
        for (const request of await hooks.beforeFetch(each))
          await request.extensions({ query: each.query, variables: {}, coordinates: each.coordinates });
      }
      return { data: { child: null }, errors: [] };
    },
    parts: {
      principals: {
        async find(_practitionerId, _evt, onQuestion) {
          onQuestion('principal-jti');
          return screener;
        },
        forget: (changed) => forgotten.push(changed),
        close: async () => {},
      },
      overrides: {
        async open(_caller, childId, onQuestion) {
          steps.push(`opened after ${pipeline.log.events.map(({ kind }) => kind).join()}`);
          onQuestion('override-jti');
          return await open(childId);
        },
        close: async () => {},
      },
      grants: {
        sign(content) {
          signed.push(content);
          return { grant: 'signed', jti: 'grant-jti' };
        },
      },
    },
  });
  const ask = async (query: string, asking: Asking) => {
    const answer = await pipeline.pipeline(requestFor(query, asking));
    return `${answer.status} ${answer.body.errors?.[0]?.extensions?.['code'] ?? ''}`.trim();
  };
  return { ...pipeline, ask, steps, signed, forgotten };
}

const opens = async (childId: string) => ({ window: windowOf(childId) });
const refuses = (refused: 'REVIEW_OVERDUE' | 'REVIEWS_OWED' | 'NO_ACCOUNT') => async () => ({ refused });

describe('break-glass', () => {
  test('is on record, then open, then executed', async () => {
    const { ask, steps, log } = inTest(opens);
    expect(await ask(ONE, BREAKING)).toBe('200');
    expect(steps).toEqual(['opened after intent', 'executed']);
    const [intent, outcome] = log.events;
    expect(intent).toMatchObject({
      kind: 'intent',
      override: true,
      // Nothing has been decided yet.
      subjects: [{ child: JOINED, released: [], withheld: [], policies: [] }],
    });
    expect(intent?.overrideWindows).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect(outcome).toMatchObject({
      kind: 'outcome',
      override: true,
      overrideWindows: ['f'.repeat(64)],
      jtis: expect.arrayContaining(['override-jti']),
    });
  });

  test('is not asked for again by the practitioner’s next request, who is looked up anew', async () => {
    const { ask, forgotten } = inTest(opens);
    await ask(ONE, READING);
    expect(forgotten).toEqual([]);
    await ask(ONE, BREAKING);
    expect(forgotten).toEqual([{ practitioners: ['p-mash-screener'] }]);
    const refused = inTest(refuses('REVIEWS_OWED'));
    await refused.ask(ONE, BREAKING);
    expect(refused.forgotten).toEqual([]);
  });

  test('is in the grants for the one child, and in no other', async () => {
    const { ask, signed } = inTest(opens);
    await ask(ONE, BREAKING);
    const [door, sealed, ...places] = signed;
    expect(door).toMatchObject({ aud: 'directory', override: true, children: { [JOINED]: {} } });
    expect(sealed).toMatchObject({ aud: 'health', override: true });
    expect(sealed?.children).toEqual({ [JOINED]: { SEALED: 'FULL', INVOLVEMENT: 'FULL' } });
    expect(places).toMatchObject([{ override: true, children: { [UNRELATED]: { LOCATION: 'FULL' } } }]);
  });

  test('asks an agency for a shielded child as for one without a shield', async () => {
    const shielded = inTest(opens, { known: { [JOINED]: TEAM_SHIELDED, [UNRELATED]: TEAM_SHIELDED } });
    const open = inTest(opens);
    for (const { ask } of [shielded, open]) await ask(ONE, BREAKING);
    const shapes = ({ signed }: typeof open) =>
      signed.map(({ aud, override, children }) => [aud, override, Object.values(children)]);
    const placesOf = (of: typeof open) =>
      shapes(of).filter(([, , classes]) => JSON.stringify(classes).includes('LOCATION'));
    expect(placesOf(open)).toHaveLength(1);
    expect(placesOf(shielded)).toEqual(placesOf(open));
    expect(Object.keys(shielded.signed.at(-1)?.children ?? {})).not.toContain(JOINED);
  });

  test('is nothing without the header, and nothing where it is blank', async () => {
    for (const override of [undefined, '', '  ']) {
      const { ask, steps, log, signed } = inTest(opens);
      expect(await ask(ONE, { headers: { ...READING.headers, override } })).toBe('200');
      expect(steps).toEqual(['executed']);
      expect(log.events).toMatchObject([{ kind: 'access', override: false }]);
      expect(signed.some(({ override: said }) => said)).toBe(false);
    }
  });
});

describe('an open window', () => {
  test('holds without the header and opens no further one with it', async () => {
    for (const asking of [READING, BREAKING]) {
      const { ask, steps, log, signed } = inTest(opens, { overrides: [windowOf(JOINED)] });
      expect(await ask(ONE, asking)).toBe('200');
      expect(steps).toEqual(['executed']);
      expect(log.events).toMatchObject([
        { kind: 'access', override: true, overrideWindows: ['f'.repeat(64)] },
      ]);
      expect(signed[0]).toMatchObject({ override: true });
    }
  });

  test.each<[string, OverrideWindow, string, Asking]>([
    ['once it has ended', windowOf(JOINED, NOW.toISOString()), ONE, READING],
    ['for a child that is not named', windowOf(UNRELATED), ONE, READING],
    ['for a mutation', windowOf(JOINED), END, READING],
  ])('does not hold %s', async (_case, window, query, asking) => {
    const { ask, signed, log } = inTest(opens, { overrides: [window] });
    await ask(query, asking);
    expect(signed.some(({ override }) => override)).toBe(false);
    expect(log.events.map(({ override, overrideWindows = [] }) => [override, overrideWindows])).toEqual(
      log.events.map(() => [false, []]),
    );
    expect(log.events).not.toEqual([]);
  });

  test('of one child leaves another that is named beside it as it is', async () => {
    const { ask, signed } = inTest(opens, { overrides: [windowOf(UNRELATED)] });
    await ask(VIEW, { ...READING, variables: { id: UNRELATED } });
    expect(signed[0]?.children).toEqual({ [UNRELATED]: {} });
    expect(signed[1]?.children).toEqual({ [UNRELATED]: { SEALED: 'FULL', INVOLVEMENT: 'FULL' } });
  });
});

describe('break-glass is refused', () => {
  test.each<[string, string, Asking, string]>([
    ['for a mutation', END, BREAKING, '400 BAD_REQUEST'],
    ['for two children', VIEW, { ...BREAKING, variables: { id: UNRELATED } }, '400 BAD_REQUEST'],
    ['for something that is no child', ONE, { ...BREAKING, variables: { id: 'nobody' } }, '400 BAD_REQUEST'],
    ['for nothing of a person', '{ me { id } }', BREAKING, '400 BAD_REQUEST'],
    [
      'for a purpose that opens nothing',
      ONE,
      { headers: { ...BREAKING.headers, purpose: 'EC' } },
      '403 UNAUTHORIZED_FIELD_OR_TYPE',
    ],
    [
      'for a reason too short',
      ONE,
      { headers: { ...BREAKING.headers, reason: 'x'.repeat(19) } },
      '403 ACCESS_REASON_REQUIRED',
    ],
  ])('%s, before anything is opened', async (_case, query, asking, expected) => {
    const { ask, steps, log } = inTest(opens);
    expect(await ask(query, asking)).toBe(expected);
    expect(steps).toEqual([]);
    expect(log.events).toMatchObject([{ kind: 'access', outcome: 'REFUSED', override: false }]);
  });

  test.each(['REVIEW_OVERDUE', 'REVIEWS_OWED', 'NO_ACCOUNT'] as const)(
    'where accreditation says %s',
    async (refused) => {
      const { ask, steps, log } = inTest(refuses(refused));
      expect(await ask(ONE, BREAKING)).toBe('403 UNAUTHORIZED_FIELD_OR_TYPE');
      expect(steps).toEqual(['opened after intent']);
      expect(log.events).toMatchObject([
        { kind: 'intent', override: true },
        { kind: 'outcome', outcome: 'REFUSED', override: false, refusal: { detail: 'POLICY' } },
      ]);
    },
  );

  test('where accreditation is out of reach; the window may be open, and the event says so', async () => {
    const { ask, steps, log, lines } = inTest(async () => Promise.reject(new RangeError('timeout')));
    expect(await ask(ONE, BREAKING)).toBe('503 ACCESS_UNDECIDED');
    expect(steps).toEqual(['opened after intent']);
    const [intent, outcome] = log.events;
    expect(outcome).toMatchObject({ outcome: 'REFUSED', override: true });
    expect(outcome?.overrideWindows).toEqual(intent?.overrideWindows);
    expect(lines.join('')).toContain('RangeError');
  });

  test('where the log does not keep the intent: nothing is opened', async () => {
    const { ask, steps, log } = inTest(opens);
    log.failing = true;
    expect(await ask(ONE, BREAKING)).toBe('503 AUDIT_UNAVAILABLE');
    expect(steps).toEqual([]);
  });
});

describe('a review', () => {
  const REVIEW = `mutation { reviewOverride(origin: "o", index: "1", outcome: UNJUSTIFIED, note: "n") { index } }`;

  test.each([
    ['has had its consequences before it is answered', 'auditor', 1],
    ['that is refused has none', 'mash-screener', 0],
  ] as const)('%s', async (_case, role, expected) => {
    let settled = 0;
    const { pipeline, executed } = pipelineInTest({
      principals: { reviewer: principalOf(role) },
      execute: async () => ({ data: { reviewOverride: { index: '1' } }, errors: [] }),
      parts: {
        settleReviews: async () => {
          expect(executed).toHaveLength(1);
          settled++;
        },
      },
    });
    await pipeline(requestFor(REVIEW, { headers: { authorization: 'Bearer reviewer' } }));
    expect(settled).toBe(expected);
  });
});
