import type { Facts } from '@contactpoint/access/facts';
import type { Principal } from '@contactpoint/access/principal';
import type { ExecuteInput, ExecutionResult } from '@contactpoint/executor/execution';
import { describe, expect, test } from 'vitest';
import type { FactsCaller } from '../subgraphs/facts.ts';
import type { GrantContent } from '../subgraphs/grants.ts';
import { decide } from '../testing/decisions.ts';
import { ALLOCATED, JOINED, NO_RELATIONSHIP, principalOf, TEAM } from '../testing/personas.ts';
import { type Asking, pipelineInTest, requestFor, VIEW } from '../testing/pipeline.ts';

const withId = (principal: Principal, practitionerId: string): Principal => ({
  ...principal,
  practitionerId,
});

/** By token; the practitioner of token `x` is `p-x`. */
const principals: Readonly<Record<string, Principal | null>> = {
  lead: withId(principalOf('safeguarding-lead'), 'p-lead'),
  teacher: withId(principalOf('teacher'), 'p-teacher'),
  worker: withId(principalOf('social-worker'), 'p-worker'),
  colleague: withId(principalOf('social-worker'), 'p-colleague'),
  suspended: { ...withId(principalOf('teacher'), 'p-suspended'), suspended: true },
  officer: withId(principalOf('accreditation-officer'), 'p-officer'),
  other: withId(principalOf('accreditation-officer'), 'p-other'),
};

const LOOK =
  'query Look($id: ID!) { child(id: $id) { familyName addresses { town line1 } involvements { service } } }';

async function ask(
  caller: string,
  colleague: string,
  query: string,
  asking: Asking & {
    readonly facts?: Readonly<Record<string, Facts>>;
    readonly execute?: (input: ExecuteInput) => Promise<ExecutionResult>;
  } = {},
) {
  const askedFacts: FactsCaller[] = [];
  const signed: GrantContent[] = [];
  const { facts = {}, execute, ...rest } = asking;
  const inTest = pipelineInTest({
    principals,
    ...(execute === undefined ? {} : { execute }),
    parts: {
      facts: {
        async find(asker, children) {
          askedFacts.push(asker);
          return new Map(children.map((child) => [child, facts[asker.sub] ?? TEAM]));
        },
        forget: () => {},
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
  const headers = {
    authorization: `Bearer ${caller}`,
    onBehalfOf: colleague,
    purpose: 'ED',
    ...rest.headers,
  };
  const response = await inTest.pipeline(requestFor(query, { ...rest, headers }));
  return {
    ...inTest,
    askedFacts,
    signed,
    response,
    extensions: response.body.errors?.map((e) => e.extensions),
  };
}

/** Asks the gates as the executor would; returns what becomes of each coordinate. */
async function verdictsOf({ hooks }: ExecuteInput, coordinates: readonly string[]) {
  const gate = await hooks.beforeRelease([{ id: JOINED, type: 'Child', coordinates: [] }]);
  return coordinates.map((coordinate) => {
    const verdict = gate.field(JOINED, 'Child.addresses', coordinate);
    return verdict.kind === 'WITHHOLD' ? verdict.error.extensions['reason'] : verdict.kind;
  });
}

describe('who reads for a colleague', () => {
  test('gets the lesser of both, on the facts of each', async () => {
    let verdicts: unknown;
    const { askedFacts, log, used } = await ask('lead', 'teacher', LOOK, {
      async execute(input) {
        verdicts = await verdictsOf(input, ['Address.town', 'Address.line1']);
        return { data: {}, errors: [] };
      },
    });
    expect(verdicts).toEqual(['RELEASE', 'POLICY']);
    expect(askedFacts).toEqual([
      expect.objectContaining({ sub: 'p-teacher', act: 'p-lead', role: 'teacher' }),
      expect.not.objectContaining({ act: expect.anything() }),
    ]);
    expect(askedFacts[1]).toMatchObject({ sub: 'p-lead', role: 'safeguarding-lead' });
    expect(log.events[0]).toMatchObject({
      practitioner: 'p-teacher',
      mediator: 'p-lead',
      role: 'teacher',
      purpose: 'ED',
    });
    expect(used).toEqual(['p-lead']);
  });

  test.each<[string, string, string, Readonly<Record<string, Facts>>]>([
    ['the caller', 'lead', 'teacher', { 'p-lead': NO_RELATIONSHIP }],
    ['the colleague', 'lead', 'teacher', { 'p-teacher': NO_RELATIONSHIP }],
  ])('needs the relationship of both: without that of %s', async (_case, caller, colleague, facts) => {
    let verdicts: unknown;
    await ask(caller, colleague, LOOK, {
      facts,
      async execute(input) {
        verdicts = await verdictsOf(input, ['Address.town']);
        return { data: {}, errors: [] };
      },
    });
    expect(verdicts).toEqual(['RELATIONSHIP']);
  });

  test('is silent about a shield that stops one of the two', async () => {
    let verdicts: unknown;
    await ask('worker', 'colleague', LOOK, {
      headers: { purpose: 'S47' },
      facts: { 'p-worker': { ...TEAM, shielded: true }, 'p-colleague': { ...ALLOCATED, shielded: true } },
      async execute(input) {
        verdicts = await verdictsOf(input, ['Address.town']);
        return { data: {}, errors: [] };
      },
    });
    expect(verdicts).toEqual(['SILENT']);
  });

  test('reads under a grant of the colleague that names the caller, with the scopes of both', async () => {
    const { signed } = await ask('worker', 'lead', '{ child(id: "x") { id } }', {
      headers: { purpose: 'S47' },
      async execute({ hooks }) {
        const fetch = {
          subgraph: 'directory',
          kind: 'query',
          query: '{ a }',
          variables: {},
          coordinates: [],
        } as const;
        const [request] = await hooks.beforeFetch({ ...fetch, representations: undefined });
        await request?.extensions({ query: '{ a }', variables: {}, coordinates: [] });
        return { data: {}, errors: [] };
      },
    });
    expect(signed[0]).toMatchObject({
      sub: 'p-lead',
      act: 'p-worker',
      role: 'safeguarding-lead',
      scopes: [],
      children: {},
    });
  });

  test('has no purpose that is not both of theirs', async () => {
    let verdicts: unknown;
    await ask('worker', 'teacher', LOOK, {
      async execute(input) {
        verdicts = await verdictsOf(input, ['Address.town']);
        return { data: {}, errors: [] };
      },
    });
    expect(verdicts).toEqual(['PURPOSE']);
  });

  test.each([
    [
      'a search',
      'findChildren(criteria: { familyName: "A", givenName: "B", dateOfBirth: "2012-01-01" }) { candidates { score } }',
    ],
    ['the colleague’s caseload', 'myCaseload { endCursor }'],
    ['a number of another system', 'childByIdentifier(system: UPN, value: "x") { id }'],
    ['the colleague', 'me { id }'],
  ])('enters by the child’s number alone, not by %s', async (_case, field) => {
    const { executed } = await ask('worker', 'colleague', `{ ${field} }`, {
      headers: { purpose: 'S47' },
      async execute(input) {
        const gate = await input.hooks.beforeRelease([]);
        const verdict = gate.field(undefined, undefined, `Query.${field.split(/\W/)[0]}`);
        expect(verdict).toMatchObject({ kind: 'WITHHOLD', error: { extensions: { reason: 'POLICY' } } });
        return { data: {}, errors: [] };
      },
    });
    expect(executed[0]?.operation.subgraphs).toEqual([]);
  });

  test('does not keep the plan of one pair for another', async () => {
    const first = await ask('lead', 'teacher', LOOK);
    const second = await ask('teacher', 'lead', LOOK);
    const alone = pipelineInTest({ principals });
    expect(first.executed[0]?.operation).not.toBe(second.executed[0]?.operation);
    await alone.pipeline(requestFor(LOOK, { headers: { authorization: 'Bearer lead', purpose: 'ED' } }));
    expect(alone.executed[0]?.operation).not.toBe(first.executed[0]?.operation);
  });
});

describe('nothing is read or done', () => {
  test.each<[string, string, string, string, Asking, unknown, object]>([
    [
      'for a colleague who is suspended',
      'lead',
      'suspended',
      VIEW,
      {},
      { code: 'ACCREDITATION_LAPSED', requirement: 'SUSPENDED' },
      { practitioner: 'p-suspended', mediator: 'p-lead' },
    ],
    [
      'by a caller who is, whoever the colleague is',
      'suspended',
      'nobody',
      VIEW,
      {},
      { code: 'ACCREDITATION_LAPSED', requirement: 'SUSPENDED' },
      { practitioner: 'p-suspended' },
    ],
    [
      'with a colleague’s token that does not hold',
      'lead',
      'forged',
      VIEW,
      {},
      { code: 'UNAUTHENTICATED' },
      { practitioner: 'p-lead' },
    ],
    ['for oneself', 'lead', 'lead', VIEW, {}, { code: 'BAD_REQUEST' }, { practitioner: 'p-lead' }],
    [
      'by breaking the glass',
      'lead',
      'teacher',
      VIEW,
      { headers: { override: 'break-glass', reason: 'a reason that is long enough' } },
      { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' },
      { practitioner: 'p-lead', override: false },
    ],
    [
      'by a mutation, whose scopes both hold',
      'officer',
      'other',
      'mutation { suspendAccess(practitionerId: "p-x", reason: "because of it") { id } }',
      {},
      { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'POLICY' },
      { practitioner: 'p-other', mediator: 'p-officer' },
    ],
  ])('%s', async (_case, caller, colleague, query, asking, expected, event) => {
    const { response, extensions, executed, log } = await ask(caller, colleague, query, asking);
    expect(extensions).toEqual([expected]);
    expect(response.body).not.toHaveProperty('data');
    expect(executed).toEqual([]);
    expect(log.events).toHaveLength(1);
    expect(log.events[0]).toMatchObject({ outcome: 'REFUSED', ...event });
    if (!('mediator' in event)) expect(log.events[0]).not.toHaveProperty('mediator');
  });

  test('under a window that one of the two has open for the child', async () => {
    const window = { child: JOINED, evt: 'e'.repeat(64), until: '2026-06-15T12:30:00.000Z' };
    const screener = { ...principalOf('mash-screener'), overrides: [window] };
    const both = { a: withId(screener, 'p-a'), b: withId(screener, 'p-b') };
    let sealed: unknown;
    const { pipeline, log } = pipelineInTest({
      principals: both,
      known: { [JOINED]: TEAM },
      async execute({ hooks }) {
        const gate = await hooks.beforeRelease([{ id: JOINED, type: 'Child', coordinates: [] }]);
        sealed = gate.field(JOINED, 'Child.formerNames', 'Child.formerNames').kind;
        return { data: {}, errors: [] };
      },
    });
    const query = 'query ($id: ID!) { child(id: $id) { formerNames } }';
    await pipeline(requestFor(query, { headers: { authorization: 'Bearer a' } }));
    expect(sealed).toBe('RELEASE');
    await pipeline(requestFor(query, { headers: { authorization: 'Bearer a', onBehalfOf: 'b' } }));
    expect(sealed).toBe('SILENT');
    expect(log.events.map(({ override }) => override)).toEqual([true, false]);
    expect(decide(screener, 'S47', true, TEAM).of('DIRECTORY', 'SEALED').level).toBe('FULL');
  });
});
