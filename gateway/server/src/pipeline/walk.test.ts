import { AccessError } from '@contactpoint/access/access-error';
import type { ExecuteInput } from '@contactpoint/executor/execution';
import { describe, expect, test } from 'vitest';
import { ALLOCATED, JOINED, SHIELDED, TEAM_SHIELDED } from '../testing/personas.ts';
import { memoryLog, pipelineInTest, requestFor, VIEW } from '../testing/pipeline.ts';
import { createOwedEvents } from './owed-events.ts';

const known = { [JOINED]: ALLOCATED, [SHIELDED]: TEAM_SHIELDED };
const END =
  'mutation ($id: ID!) { endInvolvement(childId: $id, id: "i1", endedOn: "2026-01-01") { familyName } }';

/** As the executor asks: at the door first, then about the children whom the door found. */
async function askAgencies({ hooks }: ExecuteInput, children: readonly string[]): Promise<void> {
  const fetch = { kind: 'query', query: 'query { final }', variables: {} } as const;
  await hooks.beforeFetch({
    ...fetch,
    ...{
      subgraph: 'directory',
      representations: undefined,
      coordinates: ['Query.child', 'Child.familyName'],
    },
  });
  await hooks.beforeFetch({
    ...fetch,
    subgraph: 'directory',
    representations: children.map((id) => ({ __typename: 'Child', id })),
    coordinates: ['Child.addresses', 'Address.town'],
  });
}

describe('a request that ends without its answer', () => {
  test.each([
    ['the caller left', new DOMException('left', 'AbortError'), 499],
    ['facts were out of reach', new AccessError('ACCESS_UNDECIDED', 'not now'), 503],
    ['something broke', new Error('canary-of-a-cause'), 500],
  ])('names whom agencies were asked about, all withheld: %s', async (_case, cause, status) => {
    const execute = async (input: ExecuteInput) => {
      await askAgencies(input, [JOINED, SHIELDED]);
      throw cause;
    };
    const { pipeline, log } = pipelineInTest({ known, execute });
    expect((await pipeline(requestFor(VIEW))).status).toBe(status);
    const [{ outcome, subjects } = { outcome: undefined, subjects: [] }] = log.events;
    expect([outcome, subjects.map(({ child }) => child)]).toEqual(['REFUSED', [JOINED, SHIELDED]]);
    expect(subjects.flatMap(({ released }) => released)).toEqual([]);
    // What is selected of a child whom the caller named, and what an agency was asked of either.
    expect(subjects.map(({ withheld }) => withheld)).toEqual([
      ['Address.town', 'Child.addresses', 'Child.conditions', 'Child.familyName', 'Condition.name'],
      ['Address.town', 'Child.addresses'],
    ]);
  });

  test('names nobody where no agency was asked', async () => {
    const execute = async () => Promise.reject(new Error('at once'));
    const { pipeline, log } = pipelineInTest({ known, execute });
    await pipeline(requestFor(VIEW));
    expect(log.events).toMatchObject([{ outcome: 'REFUSED', subjects: [] }]);
  });
});

describe('a mutation that was sent', () => {
  const sent = { kind: 'mutation', query: 'mutation { final }', variables: {} } as const;
  const send = ({ hooks }: ExecuteInput) =>
    hooks.beforeFetch({
      ...sent,
      ...{ subgraph: 'directory', representations: undefined, coordinates: ['Mutation.endInvolvement'] },
    });

  test('and whose answer failed was not refused: it may have been done', async () => {
    const execute = async (input: ExecuteInput) => {
      await send(input);
      throw new AccessError('ACCESS_UNDECIDED', 'not now');
    };
    const { pipeline, log } = pipelineInTest({ known, execute });
    expect((await pipeline(requestFor(END))).status).toBe(503);
    expect(log.events).toMatchObject([
      { kind: 'intent', subjects: [{ child: JOINED }] },
      {
        ...{ kind: 'outcome', intentIndex: 0n, outcome: 'PARTIAL', refusal: { code: 'ACCESS_UNDECIDED' } },
        subjects: [{ child: JOINED, released: [] }],
      },
    ]);
  });

  test('and whose outcome was not kept is owed as what may have been done', async () => {
    const log = memoryLog();
    const owed = createOwedEvents(log);
    const execute = async (input: ExecuteInput) => {
      await send(input);
      log.failing = true;
      return { data: { endInvolvement: { familyName: 'Featherstonehaugh' } }, errors: [] };
    };
    const { pipeline } = pipelineInTest({ known, execute, parts: { log, owed } });
    expect((await pipeline(requestFor(END))).status).toBe(503);
    log.failing = false;
    await owed.settle();
    expect(log.events[1]).toMatchObject({
      ...{ kind: 'outcome', intentIndex: 0n, outcome: 'PARTIAL', refusal: { code: 'AUDIT_UNAVAILABLE' } },
      subjects: [{ child: JOINED, released: [] }],
    });
  });

  test('not at all, was refused', async () => {
    const execute = async () => Promise.reject(new Error('before anything was sent'));
    const { pipeline, log } = pipelineInTest({ known, execute });
    await pipeline(requestFor(END));
    expect(log.events).toMatchObject([{ kind: 'intent' }, { kind: 'outcome', outcome: 'REFUSED' }]);
  });
});
