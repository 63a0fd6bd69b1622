import type { Facts } from '@contactpoint/access/facts';
import { type GrantClaims, operationDigest, verifyGrant } from '@contactpoint/access/grant';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { Role } from '@contactpoint/access/role';
import { isContactPointNumber } from '@contactpoint/access/subject-number';
import type { AuthorizedRequest, PendingFetch, Representation } from '@contactpoint/executor/hooks';
import { afterAll, describe, expect, test } from 'vitest';
import { createGrantSigner } from '../subgraphs/grants.ts';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { decisionsFor } from '../testing/decisions.ts';
import { writeGrantKeys } from '../testing/grant-keys.ts';
import {
  ALLOCATED,
  callerOf,
  JOINED,
  NO_RELATIONSHIP,
  NOW,
  SHIELDED,
  TEAM,
  TEAM_SHIELDED,
  UNRELATED,
} from '../testing/personas.ts';
import { createAdmit } from './admission.ts';
import { createFetchStep } from './fetch.ts';
import type { AskedChildren } from './walk.ts';

const supergraph = contractSupergraph();
const subgraphs = Object.keys(supergraph.endpoints);
const keys = writeGrantKeys(subgraphs);
afterAll(() => keys.remove());
const grants = createGrantSigner(keys.folder, subgraphs, 'log.example');
const admit = createAdmit(supergraph);
const child = (id: string): Representation => ({ __typename: 'Child', id });

const HEALTH: PendingFetch = {
  subgraph: 'health',
  kind: 'query',
  query: 'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }',
  variables: {},
  representations: [child(JOINED)],
  coordinates: ['Child.missedAppointments', 'MissedAppointment.on', 'MissedAppointment.setting'],
};
const DIRECTORY: PendingFetch = {
  ...HEALTH,
  subgraph: 'directory',
  coordinates: [
    'Child.familyName',
    'Child.addresses',
    'Address.town',
    'Child.involvements',
    'Involvement.service',
  ],
};

interface Setting {
  readonly role?: Role;
  readonly purpose?: PurposeOfUse;
  readonly known?: Readonly<Record<string, Facts>>;
  readonly undecided?: boolean;
  readonly overridden?: ReadonlySet<string>;
}

async function authorize(
  fetch: PendingFetch,
  {
    role = 'social-worker',
    purpose = 'S47',
    known = { [JOINED]: ALLOCATED },
    undecided = false,
    overridden,
  }: Setting = {},
): Promise<{ requests: readonly AuthorizedRequest[]; jtis: string[]; asked: AskedChildren[] }> {
  const jtis: string[] = [];
  const asked: AskedChildren[] = [];
  const step = createFetchStep({
    supergraph,
    admit,
    grants,
    caller: callerOf(role, purpose),
    decisions: undecided ? undefined : decisionsFor(role, purpose, known),
    ...(overridden === undefined ? {} : { overridden }),
    now: () => NOW,
    onGrant: (jti) => jtis.push(jti),
    onAsked: (one) => asked.push(one),
  });
  return { requests: await step(fetch), jtis, asked };
}

const sent = (requests: readonly AuthorizedRequest[]) =>
  requests.flatMap(({ entities = [] }) => entities.map(({ representation }) => representation['id']));

/** @param coordinates Of the final text; all there are, where nothing is to be left out of the grant. */
async function grantOf(
  request: AuthorizedRequest | undefined,
  subgraph: string,
  coordinates: readonly string[] = [...supergraph.classification.keys()],
): Promise<GrantClaims> {
  const [query, variables] = ['query { final }', { representations: sent(request ? [request] : []) }];
  const extensions = await request?.extensions({ query, variables, coordinates });
  const key = keys.keys.get(subgraph);
  const expected = { audience: subgraph, body: operationDigest(query, variables), now: NOW };
  return await verifyGrant(key === undefined ? [] : [key], extensions?.['accessGrant'], expected);
}

describe('createFetchStep', () => {
  test('the grant names the caller, the child, and of the child only what is asked', async () => {
    const { requests, jtis } = await authorize(HEALTH);
    expect(requests).toHaveLength(1);
    expect(sent(requests)).toEqual([JOINED]);
    const grant = await grantOf(requests[0], 'health');
    expect(grant.children).toEqual({ [JOINED]: { SPECIAL: 'MINIMAL', LOCATION: 'FULL' } });
    expect(grant).toMatchObject({
      sub: 'p-social-worker',
      purpose: 'S47',
      override: false,
      evt: 'e'.repeat(64),
    });
    expect(jtis).toEqual([grant.jti]);
  });

  test.each([
    ['oversight', { [JOINED]: [JOINED, UNRELATED] }],
    ['accreditation', undefined],
    ['directory', undefined],
  ])(
    'all numbers of a child whom the log is asked about are told to oversight alone: %s',
    async (subgraph, told) => {
      const step = createFetchStep({
        ...{ supergraph, admit, grants, caller: callerOf('auditor', 'AUD'), decisions: undefined },
        ...{
          numbers: { [JOINED]: [JOINED, UNRELATED] },
          now: () => NOW,
          onGrant: () => {},
          onAsked: () => {},
        },
      });
      const [request] = await step({ ...HEALTH, subgraph, representations: undefined, coordinates: [] });
      const grant = await grantOf(request, subgraph);
      expect([grant.numbers, grant.children]).toEqual([told, {}]);
    },
  );

  test('oversight is told of no numbers where the log is asked about nobody', async () => {
    const root = { ...HEALTH, subgraph: 'oversight', representations: undefined, coordinates: [] };
    const { requests } = await authorize(root);
    expect(await grantOf(requests[0], 'oversight')).not.toHaveProperty('numbers');
  });

  test('a child whose number the directory wrote as a number is asked for by its text', async () => {
    const { requests } = await authorize(
      { ...HEALTH, representations: [{ __typename: 'Child', id: 1234567890123456 }] },
      { known: { '1234567890123456': ALLOCATED } },
    );
    expect(sent(requests)).toEqual(['1234567890123456']);
  });

  test.each([[['x']], [{ id: 'x' }], [null], [''], [0.5], [1e30], [true]])(
    'nobody is asked about a child whose number is %j, and everybody about the others',
    async (id) => {
      const nobody = { __typename: 'Child', id };
      const { requests, asked } = await authorize({
        ...HEALTH,
        representations: [nobody, child(JOINED), nobody],
      });
      expect(requests.map(({ entities }) => entities?.map(({ index }) => index))).toEqual([[1]]);
      expect(asked.flatMap(({ children }) => children)).toEqual([JOINED]);
    },
  );

  test('the grant opens no class of which the final text asks nothing any more', async () => {
    const { requests } = await authorize(HEALTH);
    const { children } = await grantOf(requests[0], 'health', ['Child.missedAppointments']);
    expect(children).toEqual({ [JOINED]: { SPECIAL: 'MINIMAL' } });
  });

  test('the grant fits the text and variables that are sent, and no others', async () => {
    const { requests } = await authorize(HEALTH);
    const sending = { query: 'query { a }', variables: { b: 1 }, coordinates: HEALTH.coordinates };
    const extensions = await requests[0]?.extensions(sending);
    const ring = [...keys.keys.values()];
    const verify = (query: string, variables: object) =>
      verifyGrant(ring, extensions?.['accessGrant'], {
        audience: 'health',
        body: operationDigest(query, { ...variables }),
        now: NOW,
      });
    await expect(verify('query { a }', { b: 1 })).resolves.toBeDefined();
    await expect(verify('query { a  }', { b: 1 })).rejects.toThrow('another body');
    await expect(verify('query { a }', { b: 2 })).rejects.toThrow('another body');
  });

  test('each request has a grant of its own', async () => {
    const known = { [JOINED]: ALLOCATED, [UNRELATED]: NO_RELATIONSHIP };
    const both = { ...DIRECTORY, representations: [child(JOINED), child(UNRELATED)] };
    const { requests, jtis } = await authorize(both, { known });
    const named = await Promise.all(requests.map((request) => grantOf(request, 'directory')));
    expect(named.map(({ children }) => Object.keys(children))).toEqual([[JOINED], [UNRELATED]]);
    expect(new Set(jtis).size).toBe(2);
  });

  test('a child of whom nothing may be read is in no request', async () => {
    const known = { [JOINED]: ALLOCATED, [UNRELATED]: NO_RELATIONSHIP };
    const both = { ...HEALTH, representations: [child(UNRELATED), child(JOINED)] };
    const { requests } = await authorize(both, { known });
    expect(sent(requests)).toEqual([JOINED]);
    expect(requests[0]?.entities?.[0]?.index).toBe(1);
    expect(Object.keys((await grantOf(requests[0], 'health')).children)).toEqual([JOINED]);
    expect((await authorize({ ...HEALTH, representations: [child(UNRELATED)] }, { known })).requests).toEqual(
      [],
    );
  });

  test('children are grouped by what is left out of the question about them', async () => {
    const known = { [JOINED]: ALLOCATED, [UNRELATED]: NO_RELATIONSHIP, [SHIELDED]: TEAM };
    const all = { ...DIRECTORY, representations: [child(JOINED), child(UNRELATED), child(SHIELDED)] };
    const { requests } = await authorize(all, { known });
    expect(requests.map((request) => [sent([request]), [...(request.omit ?? [])]])).toEqual([
      [[JOINED, SHIELDED], []],
      [[UNRELATED], ['Address.town', 'Child.addresses', 'Child.involvements', 'Involvement.service']],
    ]);
    expect((await grantOf(requests[1], 'directory')).children).toEqual({ [UNRELATED]: { IDENTITY: 'FULL' } });
  });

  test('a shielded child is asked about like another, under a grant without what the shield hides', async () => {
    const shielded = await authorize(DIRECTORY, { known: { [JOINED]: TEAM_SHIELDED } });
    const open = await authorize(DIRECTORY, { known: { [JOINED]: TEAM } });
    expect(sent(shielded.requests)).toEqual([JOINED]);
    expect(shielded.requests.map(({ omit }) => omit)).toEqual(open.requests.map(({ omit }) => omit));
    expect((await grantOf(shielded.requests[0], 'directory')).children).toEqual({
      [JOINED]: { IDENTITY: 'FULL' },
    });
  });

  describe('a child whose denial is silent throughout', () => {
    const PLACES = { ...DIRECTORY, coordinates: ['Child.addresses', 'Address.town'] };
    const known = { [JOINED]: TEAM, [SHIELDED]: TEAM_SHIELDED };
    const both = { ...PLACES, representations: [child(JOINED), child(SHIELDED)] };

    test('is asked about under a number that nobody has, in the same request as others', async () => {
      const { requests } = await authorize(both, { known });
      expect(requests).toHaveLength(1);
      expect(requests[0]?.entities?.map(({ index, decoy }) => [index, decoy])).toEqual([
        [0, false],
        [1, true],
      ]);
      const [real, decoy] = sent(requests);
      expect(real).toBe(JOINED);
      expect(decoy).not.toBe(SHIELDED);
      expect(isContactPointNumber(String(decoy))).toBe(true);
      const { children } = await grantOf(requests[0], 'directory');
      expect(children).toEqual({ [JOINED]: { LOCATION: 'FULL' }, [String(decoy)]: { LOCATION: 'FULL' } });
    });

    test('is told of by their own number, so that the event can name whom the request was about', async () => {
      const { asked } = await authorize(both, { known });
      expect(asked).toMatchObject([{ children: [JOINED, SHIELDED], coordinates: both.coordinates }]);
    });

    test('has another number each time', async () => {
      const once = sent((await authorize(both, { known })).requests)[1];
      const again = sent((await authorize(both, { known })).requests)[1];
      expect(once).not.toBe(again);
    });

    test('what is sealed from everybody else makes the same request as from the one who may read it', async () => {
      const sealed = { ...HEALTH, coordinates: ['Child.mentalHealthService', 'Contact.name'] };
      const shape = ({ requests }: { requests: readonly AuthorizedRequest[] }) =>
        requests.map(({ entities, omit }) => [entities?.length, [...(omit ?? [])]]);
      const own = await authorize(sealed, {
        role: 'camhs-clinician',
        purpose: 'DC',
        known: { [JOINED]: TEAM },
      });
      const elsewhere = await authorize(sealed, {
        role: 'camhs-clinician',
        purpose: 'DC',
        known: { [JOINED]: { ...TEAM, ownRecord: false } },
      });
      expect(sent(own.requests)).toEqual([JOINED]);
      expect(shape(elsewhere)).toEqual(shape(own));
      expect(sent(elsewhere.requests)).not.toContain(JOINED);
    });
  });

  test('the number alone is no reason to ask', async () => {
    const { requests } = await authorize({ ...HEALTH, coordinates: ['Child.id'] });
    expect(requests).toEqual([]);
  });

  test('no child is asked about in an agency that holds no record of children', async () => {
    const { requests } = await authorize({
      ...HEALTH,
      subgraph: 'oversight',
      coordinates: ['Child.familyName'],
    });
    expect(requests).toEqual([]);
  });

  test('what may be asked of one agency says nothing of another', async () => {
    const coordinates = ['Child.missedAppointments', 'MissedAppointment.setting'];
    const omitted = async (subgraph: string) =>
      (await authorize({ ...HEALTH, subgraph, coordinates })).requests.map(({ omit }) => [...(omit ?? [])]);
    expect(await omitted('health')).toEqual([[]]);
    expect(await omitted('oversight')).toEqual([]);
    expect(await omitted('social-care')).toEqual([[]]);
    const grants = ['health', 'social-care'].map(async (subgraph) => {
      const { requests } = await authorize({ ...HEALTH, subgraph, coordinates });
      return (await grantOf(requests[0], subgraph)).children[JOINED];
    });
    expect(await Promise.all(grants)).toEqual([
      { SPECIAL: 'MINIMAL', LOCATION: 'FULL' },
      { SPECIAL: 'FULL', LOCATION: 'FULL' },
    ]);
  });

  test('a coordinate without a class is left out', async () => {
    const { requests } = await authorize({
      ...HEALTH,
      coordinates: [...HEALTH.coordinates, 'Child.unheardOf'],
    });
    expect([...(requests[0]?.omit ?? [])]).toEqual(['Child.unheardOf']);
  });

  test('without decisions no subject is fetched', async () => {
    expect((await authorize(HEALTH, { undecided: true })).requests).toEqual([]);
  });

  test('what is no person needs no decision', async () => {
    const school = { __typename: 'School', urn: '900001' };
    const fetch = {
      ...HEALTH,
      subgraph: 'education',
      representations: [school],
      coordinates: ['School.name'],
    };
    const { requests } = await authorize(fetch, { undecided: true });
    expect(requests[0]?.entities).toEqual([{ index: 0, representation: school, decoy: false }]);
    expect((await grantOf(requests[0], 'education')).children).toEqual({});
  });

  test('children and what is no person go out together, and only the children are decided about', async () => {
    const school = { __typename: 'School', urn: '900001' };
    const both = { ...DIRECTORY, representations: [school, child(JOINED)] };
    const { requests, asked } = await authorize(both);
    expect(requests.flatMap(({ entities = [] }) => entities)).toEqual([
      { index: 0, representation: school, decoy: false },
      { index: 1, representation: child(JOINED), decoy: false },
    ]);
    expect(asked.map(({ children }) => children)).toEqual([[JOINED]]);
  });

  test.each([
    ['directory', true, { [JOINED]: {} }],
    ['oversight', false, {}],
    ['education', false, {}],
  ])(
    'who may be decided with override is told to the directory’s door alone: %s',
    async (subgraph, override, children) => {
      const fetch = { ...HEALTH, subgraph, representations: undefined, coordinates: ['Query.child'] };
      const { requests } = await authorize(fetch, { overridden: new Set([JOINED]) });
      expect(await grantOf(requests[0], subgraph)).toMatchObject({ override, children });
      const without = await authorize(fetch);
      expect(await grantOf(without.requests[0], subgraph)).toMatchObject({ override: false, children: {} });
    },
  );

  test('a request is one with override where a child in it is decided so, and no other', async () => {
    const known = { [JOINED]: ALLOCATED, [UNRELATED]: NO_RELATIONSHIP };
    const both = { ...DIRECTORY, representations: [child(JOINED), child(UNRELATED)] };
    const { requests } = await authorize(both, { known, overridden: new Set([UNRELATED]) });
    const grants = await Promise.all(requests.map((request) => grantOf(request, 'directory')));
    expect(grants.map(({ override, children }) => [override, Object.keys(children)])).toEqual([
      [false, [JOINED]],
      [true, [UNRELATED]],
    ]);
  });

  test('a fetch at the root goes out under a grant that names no child', async () => {
    const root = { ...DIRECTORY, representations: undefined, coordinates: ['Query.child'] };
    const { requests, asked } = await authorize(root);
    expect(requests).toHaveLength(1);
    expect((await grantOf(requests[0], 'directory')).children).toEqual({});
    expect(asked).toMatchObject([{ children: [], coordinates: ['Query.child'] }]);
  });

  test('a child that the directory knows nothing of stops the request', async () => {
    await expect(authorize({ ...HEALTH, representations: [child(SHIELDED)] })).rejects.toMatchObject({
      code: 'ACCESS_UNDECIDED',
    });
  });
});
