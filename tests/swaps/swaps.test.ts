import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { versionOf } from '@contactpoint/gateway/supergraph-reading';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leafOf, readLeaves } from '../access/access-log.ts';
import { codeOf } from '../access/reasons.ts';
import type { Answer } from '../running-system.ts';
import { startEditionLoad } from './edition-load.ts';
import { SERVED_WITHIN, type SwappedGateway, startSwappedGateway } from './swapped-gateway.ts';

const SWAPS = process.env['NIGHTLY'] === '1' ? 1_000 : 30;
const CALLERS = 6;

/** Bytes by which the heap may have grown over all swaps: a former supergraph that stays takes some five million. */
const GROWTH = 20_000_000;

let gateway: SwappedGateway;

beforeAll(async () => {
  gateway = await startSwappedGateway();
});
afterAll(async () => {
  await gateway?.remove();
});

const view = (query: string, child = gateway.system.scenarios.joined): Promise<Answer> =>
  gateway.system.ask('social-worker', { query, variables: { id: child }, purpose: 'S47' });

const alive = () => gateway.metric('contactpoint_supergraphs_alive');
const onlyOneIsAlive = () => expect.poll(alive, { timeout: SERVED_WITHIN }).toBe(1);

test(`${SWAPS} swaps under load: every request is answered whole, by the version that its event names`, async () => {
  const { system, editions } = gateway;
  const versions = new Map<string, number>();
  const serve = async (edition: number) =>
    versions.set(await gateway.serve(editions.supergraphOf(edition)), edition);
  await serve(0);
  const load = await startEditionLoad(system, CALLERS);
  const heaps: number[] = [];
  for (let edition = 1; edition <= SWAPS; edition++) {
    await serve(edition);
    if (edition % Math.ceil(SWAPS / 6) === 0) heaps.push(await gateway.heapInUse());
  }
  await load.end();

  expect(load.broken, `of ${load.replies.length + load.broken.length}`).toEqual([]);
  expect(load.replies.find(({ edition }) => edition === undefined)).toBeUndefined();
  const seen = new Set(load.replies.map(({ edition }) => edition));
  expect(seen.size).toBeGreaterThan(SWAPS / 2);

  const named = new Map(
    (await readLeaves(system)).map(({ origin, index, event }) => [`${origin} ${index}`, event.supergraph]),
  );
  const ranOn = (receipt = '') => versions.get(named.get(receipt) ?? '');
  expect(load.replies.find(({ edition, receipt }) => edition !== ranOn(receipt))).toBeUndefined();

  await onlyOneIsAlive();
  await expect.poll(() => editions.connections(), { timeout: SERVED_WITHIN }).toBeLessThanOrEqual(CALLERS);
  const [first = 0, last = 0] = [heaps[0], await gateway.heapInUse()];
  const figures = { swaps: SWAPS, answered: load.replies.length, broken: load.broken.length };
  console.info(JSON.stringify({ ...figures, editionsSeen: seen.size, heaps: [...heaps, last] }));
  expect(last - first).toBeLessThan(GROWTH);
  expect(await gateway.metric('contactpoint_supergraph_swaps_total')).toBe(SWAPS + 1);
}, 10_800_000);

test('an operation ends on the version that it began with, however long that takes', async () => {
  const { editions, system } = gateway;
  const [before, after] = [editions.supergraphOf(2_000), editions.supergraphOf(2_001)];
  await gateway.serve(before);
  const held = Promise.withResolvers<void>();
  editions.held.set(2_000, held);
  const slow = view('query Slow($id: ID!) { edition { number even } child(id: $id) { familyName } }');
  await expect.poll(() => editions.asked.get(2_000), { timeout: 10_000 }).toBe(1);
  await gateway.serve(after);
  expect(await alive()).toBe(2);
  expect((await view('{ edition { number odd } }')).body.data.edition).toEqual({
    number: 2_001,
    odd: 'edition 2001',
  });
  held.resolve();
  const answer = await slow;
  expect(answer.body.errors).toBeUndefined();
  expect(answer.body.data).toEqual({
    edition: { number: 2_000, even: 'edition 2000' },
    child: { familyName: expect.any(String) },
  });
  expect((await leafOf(system, answer)).event.supergraph).toBe(versionOf(before));
  await onlyOneIsAlive();
});

test('a storm of supergraphs: no request is lost, and the last one is what is served', async () => {
  const { editions, system } = gateway;
  const load = await startEditionLoad(system, CALLERS);
  let last = '';
  for (let edition = 3_000; edition < 3_100; edition++) last = gateway.put(editions.supergraphOf(edition));
  await expect
    .poll(async () => (await gateway.ready()).supergraph.version, { timeout: SERVED_WITHIN })
    .toBe(last);
  await load.end();
  expect(load.broken).toEqual([]);
  expect(load.replies.find(({ edition }) => edition === undefined)).toBeUndefined();
  await onlyOneIsAlive();
});

describe('in the first operation after a swap, whatever was planned and parsed before', () => {
  const query = 'query Named($id: ID!) { child(id: $id) { id familyName } }';

  test('a field that is gone is unknown', async () => {
    const whole = gateway.editions.supergraphOf(4_000);
    await gateway.serve(whole);
    for (let time = 0; time < 3; time++) expect((await view(query)).body.errors).toBeUndefined();
    await gateway.serve(whole.replaceAll(/^ {2}familyName: .*\n/gm, ''));
    const answer = await view(query);
    expect(answer.status).toBe(400);
    expect(codeOf(answer)).toBe('GRAPHQL_VALIDATION_FAILED');
    await gateway.serve(whole);
    expect((await view(query)).body.data.child.familyName).toEqual(expect.any(String));
  });

  test('a field of another class is withheld', async () => {
    const whole = gateway.editions.supergraphOf(4_001);
    await gateway.serve(whole);
    for (let time = 0; time < 3; time++) expect((await view(query)).body.errors).toBeUndefined();
    const hidden = whole.replaceAll(/^( {2}familyName: .*@sensitivity\(class: )IDENTITY/gm, '$1SEALED');
    expect(hidden).not.toBe(whole);
    const version = await gateway.serve(hidden);
    const answer = await view(query);
    // What is sealed is withheld in silence.
    expect(answer.body).toEqual({
      data: { child: { id: gateway.system.scenarios.joined, familyName: null } },
    });
    const { event } = await leafOf(gateway.system, answer);
    expect(event).toMatchObject({ supergraph: version, subjects: [{ withheld: ['Child.familyName'] }] });
  });
});

describe('what stands in the file and is refused leaves the former supergraph in service', () => {
  const QUERY_TYPE = /type Query\n[^{]*\{\n/;
  const file = () => join(gateway.system.data, 'supergraph.graphql');
  const refusal = async () => (await gateway.ready()).supergraph.refused;
  const expectRefusal = async (code: string, version?: string) => {
    await expect
      .poll(refusal, { timeout: SERVED_WITHIN })
      .toMatchObject({ code, ...(version && { version }) });
    expect(await gateway.metric(`contactpoint_supergraph_refused{code="${code}"}`)).toBe(1);
    const log = readFileSync(join(gateway.system.data, 'logs', 'gateway.log'), 'utf8').split('\n');
    expect(log.some((line) => line.includes('supergraph refused') && line.includes(`"code":"${code}"`))).toBe(
      true,
    );
  };

  test.each<[string, string, (sdl: string) => string]>([
    ['nothing', 'NOT_A_SUPERGRAPH', () => ''],
    ['half of one', 'NOT_A_SUPERGRAPH', (sdl) => sdl.slice(0, sdl.length / 2)],
    [
      'one without classification',
      'UNCLASSIFIED_FIELD',
      (sdl) => sdl.replaceAll(/(?<!directive) @sensitivity\([^)]*\)/g, ''),
    ],
    [
      'one without its rules',
      'RULES_NOT_FOUND',
      (sdl) => sdl.replaceAll(/(?<!directive) @authenticated\b/g, ''),
    ],
    [
      'one with a second door',
      'CHECKS_FAILED',
      (sdl) =>
        sdl.replace(
          QUERY_TYPE,
          '$&  patient: Child @join__field(graph: HEALTH) @authenticated @sensitivity(class: IDENTITY)\n',
        ),
    ],
    [
      'one with a subgraph that has no key',
      'SETTING_MISSING',
      (sdl) => sdl.replace('name: "register"', 'name: "stranger"'),
    ],
    [
      'one without the directory',
      'SUBGRAPH_MISSING',
      (sdl) => sdl.replace('name: "accreditation"', 'name: "register-of-all"'),
    ],
  ])('%s', async (_case, code, change) => {
    const whole = gateway.editions.supergraphOf(5_000);
    const version = await gateway.serve(whole);
    const changed = change(whole);
    expect(changed).not.toBe(whole);
    const refused = gateway.put(changed);
    await expectRefusal(code, refused);
    expect(await gateway.ready()).toMatchObject({ ready: true, supergraph: { version } });
    const answer = await view('query($id: ID!) { edition { number } child(id: $id) { familyName } }');
    expect(answer.body).toEqual({
      data: { edition: { number: 5_000 }, child: { familyName: expect.any(String) } },
    });
    expect((await leafOf(gateway.system, answer)).event.supergraph).toBe(version);
    gateway.put(whole);
    await expect.poll(refusal, { timeout: SERVED_WITHIN }).toBeUndefined();
  });

  test('no file at all, without anybody saying so; and it is served again once it is back', async () => {
    const version = await gateway.serve(gateway.editions.supergraphOf(5_001));
    rmSync(file());
    await expectRefusal('FILE_UNREADABLE');
    expect(await gateway.ready()).toMatchObject({ ready: true, supergraph: { version } });
    const next = gateway.editions.supergraphOf(5_002);
    writeFileSync(file(), next);
    await expect
      .poll(() => gateway.ready(), { timeout: SERVED_WITHIN })
      .toMatchObject({ supergraph: { version: versionOf(next) } });
    expect(await refusal()).toBeUndefined();
  });
});
