import { ask, startTestSubgraph, type TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { socialCareSubgraph } from './definition.ts';
import { ingestSocialCare } from './ingest.ts';
import { emptyRecord, type SocialCareRecord } from './record.ts';

const FULL = '8Z4K2M0QWX7R5T1B';
const BARE = '8Z4K2M0QWX7R5T1C';
const UNKNOWN = '8Z4K2M0QWX7R5T1D';
const EVERYTHING = {
  STATUS: 'FULL',
  INVOLVEMENT: 'FULL',
  SPECIAL: 'FULL',
  LOCATION: 'FULL',
  SEALED: 'FULL',
} as const;

const record: SocialCareRecord = {
  ...emptyRecord(FULL),
  allocatedWorker: {
    name: 'Ada Quill',
    role: 'Social worker',
    organisation: 'LA-975',
    phone: '01632 960000',
    email: 'ada@example.org',
  },
  team: 'Children looked after, north',
  disabilities: ['HEAR'],
  convictions: false,
  previousPermanence: 'P2',
  referrals: [
    {
      receivedOn: '2024-01-05',
      source: '2A',
      primaryNeed: 'N4',
      noFurtherAction: false,
      closedOn: '2024-03-01',
      closureReason: 'RC8',
      initialConferenceOn: null,
    },
    {
      receivedOn: '2025-01-05',
      source: '6',
      primaryNeed: 'N1',
      noFurtherAction: false,
      closedOn: null,
      closureReason: null,
      initialConferenceOn: null,
    },
  ],
  assessments: [{ startedOn: '2025-01-10', authorisedOn: null, factors: ['3A', '16A'] }],
  section47Enquiries: [
    { startedOn: '2025-02-01', initialConferenceOn: '2025-02-14', conferenceNotRequired: false },
  ],
  childProtectionPlans: [
    { startedOn: '2025-02-14', endedOn: '2025-09-01', initialCategory: 'NEG', latestCategory: 'EMO' },
  ],
  careEpisodes: [
    {
      startedOn: '2025-09-01',
      endedOn: null,
      startReason: 'S',
      legalStatus: 'C2',
      primaryNeed: 'N8',
      placementType: 'U4',
      provider: 'PR1',
      postcode: 'ZZ1 1AA',
      endReason: null,
      placementChangeReason: null,
    },
  ],
  missingEpisodes: [{ startedOn: '2025-10-01', endedOn: '2025-10-02', returnInterviewOffered: true }],
  reviews: [{ kind: 'LOOKED_AFTER', heldOn: '2025-11-01', participation: 'PN1' }],
};

const QUERY = `query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Child { id socialCare {
  status team primaryNeed legalStatus disabilities convictions previousPermanence assessmentFactors
  allocatedWorker { name role organisation phone email }
  referrals { receivedOn source outcome }
  section47Enquiries { startedOn outcome initialConferenceOn }
  childProtectionPlans { startedOn endedOn initialCategory latestCategory }
  placements { from to type provider postcode endReason }
  missingEpisodes { from to returnInterviewOffered }
  reviews { on participation }
} } } }`;

let subgraph: TestSubgraph;
beforeAll(async () => {
  subgraph = await startTestSubgraph(socialCareSubgraph);
  await ingestSocialCare(subgraph.store, [record, emptyRecord(BARE)]);
});
afterAll(() => subgraph.stop());

async function socialCareOf(id: string, classes: Record<string, 'FULL' | 'MINIMAL'> = EVERYTHING) {
  const { data, errors } = await ask(subgraph.app, {
    query: QUERY,
    variables: { representations: [{ __typename: 'Child', id }] },
    children: { [id]: classes },
  });
  expect(errors).toBeUndefined();
  return data._entities[0].socialCare;
}

describe('the social care subgraph', () => {
  test('answers every field of the contract from the store', async () => {
    expect(await socialCareOf(FULL)).toEqual({
      status: 'LOOKED_AFTER',
      team: 'Children looked after, north',
      primaryNeed: 'N8',
      legalStatus: 'C2',
      disabilities: ['HEAR'],
      convictions: false,
      previousPermanence: 'P2',
      assessmentFactors: ['3A', '16A'],
      allocatedWorker: record.allocatedWorker,
      referrals: [
        { receivedOn: '2024-01-05', source: '2A', outcome: 'RC8' },
        { receivedOn: '2025-01-05', source: '6', outcome: null },
      ],
      section47Enquiries: [
        { startedOn: '2025-02-01', outcome: 'INITIAL_CONFERENCE', initialConferenceOn: '2025-02-14' },
      ],
      childProtectionPlans: [
        { startedOn: '2025-02-14', endedOn: '2025-09-01', initialCategory: 'NEG', latestCategory: 'EMO' },
      ],
      placements: [
        { from: '2025-09-01', to: null, type: 'U4', provider: 'PR1', postcode: 'ZZ1 1AA', endReason: null },
      ],
      missingEpisodes: [{ from: '2025-10-01', to: '2025-10-02', returnInterviewOffered: true }],
      reviews: [{ on: '2025-11-01', participation: 'PN1' }],
    });
  });

  test('a list without items is null, and a child nobody knows has no social care', async () => {
    expect(await socialCareOf(BARE)).toMatchObject({
      status: 'NONE',
      referrals: null,
      placements: null,
      reviews: null,
      disabilities: null,
      assessmentFactors: null,
      allocatedWorker: null,
    });
    expect(await socialCareOf(UNKNOWN)).toBeNull();
  });

  test('the minimal subset is the status alone', async () => {
    const shown = await socialCareOf(FULL, { STATUS: 'MINIMAL' });
    expect(Object.entries(shown).filter(([, value]) => value !== null)).toEqual([['status', 'LOOKED_AFTER']]);
  });

  test('where a child lives stays sealed though its placements are shown', async () => {
    const shown = await socialCareOf(FULL, { STATUS: 'FULL', LOCATION: 'FULL', SPECIAL: 'FULL' });
    expect(shown.placements).toEqual([expect.objectContaining({ type: 'U4', postcode: null })]);
    expect(shown).toMatchObject({ convictions: null, previousPermanence: null, assessmentFactors: null });
  });

  test('ingesting the same record again changes nothing', async () => {
    const before = await socialCareOf(FULL);
    await ingestSocialCare(subgraph.store, [record, emptyRecord(BARE)]);
    expect(await socialCareOf(FULL)).toEqual(before);
  });
});
