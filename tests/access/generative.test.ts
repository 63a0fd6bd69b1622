import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AGENCIES } from './bench/agencies.ts';
import { overreach } from './bench/asked-for.ts';
import { type Bench, openBench, type Traces } from './bench/bench.ts';
import type { Caller, Question } from './bench/caller.ts';
import { canariesIn } from './bench/canary.ts';
import { createOracle, type Oracle } from './bench/oracle/oracle.ts';
import { readAgencies } from './bench/oracle/sdl.ts';
import { randomCaller } from './bench/random-caller.ts';
import { randomQuestion } from './bench/random-question.ts';
import { type Asked, readRequest } from './bench/recorder.ts';
import { CHILDREN, type World } from './bench/world.ts';

/**
 * `npm run test:nightly` runs the large size, on several machines in parts: `SHARD=2/4`. Another seed: `SEED=7`; a smaller
 * counterexample: `SHRINK=1`.
 */
const [SHARD, SHARDS] = (process.env['SHARD'] ?? '1/1').split('/').map(Number) as [number, number];
const CASES = Math.ceil((process.env['NIGHTLY'] === '1' ? 20_000 : 500) / SHARDS);
const RUN = {
  // A stride between the shards, or the next seed would be somebody's own.
  seed: Number(process.env['SEED'] ?? 20_260_615) + (SHARD - 1) * 1_000_003,
  endOnFailure: process.env['SHRINK'] === undefined,
};

const said = readAgencies(AGENCIES);
let bench: Bench;
let oracle: Oracle;
beforeAll(async () => {
  bench = await openBench();
  oracle = createOracle(bench.schema);
});
afterAll(() => bench.close());

interface Case {
  readonly seed: number;
  readonly caller: Caller;
  readonly question: Question;
}

/** Only once the bench is open: operations are drawn from its schema. */
function randomCase(): fc.Arbitrary<Case> {
  return fc.record({ seed: fc.nat(1_000), caller: randomCaller, question: randomQuestion(bench.schema) });
}

test(`${CASES} random operations by random callers release what they may and nothing else`, async () => {
  const property = fc.asyncProperty(randomCase(), async ({ seed, caller, question }) => {
    const world = { seed };
    const { response, text, kept, requests } = await askIn(world, caller, question);
    const expected = oracle.answer(world, caller, question);

    const permitted = JSON.stringify(expected.data);
    expect([...canariesIn(text)].filter((canary) => !canariesIn(permitted).has(canary))).toEqual([]);
    expect(CHILDREN.filter((child) => text.includes(child) && !permitted.includes(child))).toEqual([]);
    // No value is ever recorded or logged, permitted or not.
    expect([...canariesIn(kept)]).toEqual([]);

    const asked = await Promise.all(requests.map((request) => readRequest(bench, request)));
    expect(asked.flatMap((each) => overreach(said, caller, question, each))).toEqual([]);

    if (isTooComplex(response)) return;
    expect(JSON.parse(JSON.stringify(response.body.data))).toEqual(expected.data);
    expect(reasonsIn(response)).toEqual(expected.errors);
  });
  await fc.assert(property, { ...RUN, numRuns: CASES });
}, 7_200_000);

test(`a shield and a seal are silent in ${CASES / 5} random operations`, async () => {
  const property = fc.asyncProperty(randomCase(), fc.nat(4), async ({ seed, caller, question }, index) => {
    const child = CHILDREN[index] ?? '';
    const facts = { relationship: 'TEAM', shielded: false, ownRecord: false } as const;
    // Break-glass opens what is sealed, and lifts no shield.
    const isOpened = caller.opened?.includes(child) === true;
    const hidden = new Set(['LOCATION', 'INVOLVEMENT', ...(isOpened ? [] : ['SEALED'])]);
    const knowing = (shielded: boolean): Caller => ({
      ...caller,
      facts: { ...caller.facts, [child]: { ...facts, shielded } },
    });
    const isHidden = (of: string, coordinate: string) =>
      of === child && hidden.has(said.classes.get(coordinate)?.class ?? '');
    // The directory decides for itself: what it keeps silent about leads nobody on to siblings.
    const isOfDirectory = (coordinate: string) => said.sectors.get(coordinate) === 'DIRECTORY';
    const lacksAtDoor: World['lacks'] = (of, coordinate) =>
      isHidden(of, coordinate) && isOfDirectory(coordinate);

    const shielded = await askIn({ seed, lacks: lacksAtDoor }, knowing(true), question);
    const empty = await askIn({ seed, lacks: isHidden }, knowing(false), question);
    expect(shielded.response.body).toEqual(empty.response.body);
    expect({ ...shielded.response.headers, 'access-log': '' }).toEqual({
      ...empty.response.headers,
      'access-log': '',
    });
    expect(shielded.events.length).toBe(empty.events.length);
    expect(await requestsOf(shielded, child)).toEqual(await requestsOf(empty, child));
  });
  await fc.assert(property, { ...RUN, numRuns: CASES / 5 });
}, 7_200_000);

async function askIn(world: World, caller: Caller, question: Question): Promise<Traces> {
  bench.setWorld(world);
  return await bench.ask(caller, question);
}

/** What was asked for, with the child and any decoy in its place under one name. */
async function requestsOf({ requests }: Traces, child: string): Promise<string[]> {
  const asked = await Promise.all(requests.map((request) => readRequest(bench, request)));
  const name = (id: string) => (id === child || !CHILDREN.includes(id) ? 'the child' : id);
  return asked
    .map(({ agency, subjects, coordinates }: Asked) =>
      JSON.stringify([agency, subjects?.map(name), [...coordinates].sort()]),
    )
    .sort();
}

function isTooComplex({ status, body }: Traces['response']): boolean {
  const code = body.errors?.[0]?.extensions?.['code'];
  expect([status, code]).toEqual(code === 'OPERATION_TOO_COMPLEX' ? [400, code] : [200, code]);
  return code === 'OPERATION_TOO_COMPLEX';
}

function reasonsIn({ body }: Traces['response']): string[] {
  return (body.errors ?? [])
    .map(({ path = [], extensions }) => `${path.join('.')} ${String(extensions?.['reason'])}`)
    .sort();
}
