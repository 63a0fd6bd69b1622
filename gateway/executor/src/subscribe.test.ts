import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { parse } from 'graphql';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ExecutionResult, RootEvents } from './execution.ts';
import type { ExecutionHooks, PendingFetch } from './hooks.ts';
import { RootEvent } from './root-event.ts';
import { hooks, WITHHELD } from './testing/hooks.ts';
import { answerJson, answerText } from './testing/stub-subgraph.ts';
import { openWard, sendNext, type Ward } from './testing/ward.ts';

let ward: Ward;
beforeAll(async () => {
  ward = await openWard({ maxAnswerBytes: 20_000 });
});
afterAll(() => ward.close());
beforeEach(() => {
  for (const each of [ward.school, ward.health]) {
    each.answerWith(undefined);
    each.received.length = 0;
  }
});

const MOVED = 'subscription($c: ID) { moved(class: $c) { at pupil { name house(short: true) allergies } } }';
const MOVE = { data: { moved: { at: 'noon', pupil: { __typename: 'Pupil', __subject: 'k1', id: 'k1' } } } };

interface Subscribed {
  readonly events: RootEvents;
  readonly asked: PendingFetch[];
  execute(event: RootEvent): Promise<ExecutionResult>;
  leave(): void;
}

async function subscribe(
  query: string,
  given: { readonly refused?: readonly string[]; readonly hooks?: ExecutionHooks } = {},
): Promise<Subscribed> {
  const { executor } = ward;
  const asked: PendingFetch[] = [];
  const own = given.hooks ?? hooks();
  const noting: ExecutionHooks = {
    ...own,
    beforeFetch(fetch) {
      asked.push(fetch);
      return own.beforeFetch(fetch);
    },
  };
  const operation = executor.prepare({ document: parse(query), refused: new Set(given.refused ?? []) });
  const controller = new AbortController();
  const input = { operation, variables: { c: '5b' }, hooks: noting };
  const events = await executor.subscribe({ ...input, signal: controller.signal });
  if (events === undefined) throw new Error('Nothing was subscribed to');
  return {
    events,
    asked,
    execute: (event) => executor.execute({ ...input, event }),
    leave: () => controller.abort(),
  };
}

async function next(events: RootEvents): Promise<RootEvent> {
  const { value } = await events.next();
  if (!(value instanceof RootEvent)) throw new Error('The stream has ended');
  return value;
}

describe('an event', () => {
  test('is joined from every subgraph that the operation asks', async () => {
    const { events, execute, leave } = await subscribe(MOVED);
    sendNext(ward.stream(), MOVE);
    expect(await execute(await next(events))).toEqual({
      data: { moved: { at: 'noon', pupil: { name: 'Name of k1', house: 'N', allergies: ['nuts k1'] } } },
      errors: [],
    });
    leave();
  });

  test('tells of a subject the key alone: everything else is fetched when it is there', async () => {
    const { events, execute, asked, leave } = await subscribe(MOVED);
    const [stream] = ward.school.received;
    expect(stream?.query).toBe('subscription($c:ID){moved(class:$c){at pupil{__typename __subject:id id}}}');
    expect(stream?.variables).toEqual({ c: '5b' });
    expect(asked.map(({ kind, subgraph, coordinates }) => [kind, subgraph, coordinates])).toEqual([
      ['subscription', 'school', ['Subscription.moved', 'Move.at', 'Move.pupil', 'Pupil.id']],
    ]);
    const told = { ...MOVE.data.moved.pupil, name: 'CANARY', allergies: ['CANARY'] };
    sendNext(ward.stream(), { data: { moved: { at: 'noon', pupil: told } } });
    const answer = await execute(await next(events));
    expect(JSON.stringify(answer)).not.toContain('CANARY');
    expect(asked.slice(1).map(({ subgraph, representations }) => [subgraph, representations])).toEqual([
      ['school', [{ __typename: 'Pupil', id: 'k1' }]],
      ['health', [{ __typename: 'Pupil', id: 'k1' }]],
    ]);
    leave();
  });

  test('leads to subjects in lists and in unions', async () => {
    const query =
      'subscription { moved { others { name } who { ... on Guest { label } ... on Pupil { allergies name } } } }';
    const { events, execute, leave } = await subscribe(query);
    const key = (id: string) => ({ __typename: 'Pupil', __subject: id, id });
    sendNext(ward.stream(), { data: { moved: { others: [key('k2'), key('k3')], who: key('k4') } } });
    sendNext(ward.stream(), { data: { moved: { others: [], who: { __typename: 'Guest', label: 'aunt' } } } });
    expect((await execute(await next(events))).data).toEqual({
      moved: {
        others: [{ name: 'Name of k2' }, { name: 'Name of k3' }],
        who: { allergies: ['nuts k4'], name: 'Name of k4' },
      },
    });
    expect((await execute(await next(events))).data).toEqual({
      moved: { others: [], who: { label: 'aunt' } },
    });
    leave();
  });

  test('is released by the gate, anew each time', async () => {
    let isWithheld = false;
    const gate = hooks({ subject: () => (isWithheld ? WITHHELD : { kind: 'RELEASE' }) });
    const { events, execute, leave } = await subscribe(MOVED, { hooks: gate });
    sendNext(ward.stream(), MOVE);
    sendNext(ward.stream(), MOVE);
    expect((await execute(await next(events))).data).toMatchObject({
      moved: { pupil: { name: 'Name of k1' } },
    });
    isWithheld = true;
    expect(await execute(await next(events))).toMatchObject({
      data: { moved: { pupil: null } },
      errors: [{ path: ['moved', 'pupil'], extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE' } }],
    });
    leave();
  });

  test('whose place a subgraph says no word about is an error without its words', async () => {
    const { events, execute, leave } = await subscribe(MOVED);
    sendNext(ward.stream(), { data: null, errors: [{ message: 'row of Anna is gone', path: ['moved'] }] });
    const answer = await execute(await next(events));
    expect(answer).toMatchObject({ data: { moved: null }, errors: [{ path: ['moved'] }] });
    expect(JSON.stringify(answer)).not.toContain('Anna');
    leave();
  });

  test('of another plan is not executed, nor a subscription without one', async () => {
    const { events, leave } = await subscribe(MOVED);
    sendNext(ward.stream(), MOVE);
    const event = await next(events);
    const other = await subscribe('subscription { notice }');
    await expect(other.execute(event)).rejects.toThrow(TypeError);
    await expect(other.execute(undefined as never)).rejects.toThrow(TypeError);
    leave();
    other.leave();
  });
});

describe('a stream', () => {
  test('carries the extensions of the hook', async () => {
    const signing = hooks({ authorize: () => [{ extensions: ({ query }) => ({ signed: query }) }] });
    const { leave } = await subscribe('subscription { notice }', { hooks: signing });
    expect(ward.school.received[0]?.extensions).toEqual({ signed: 'subscription{notice}' });
    leave();
  });

  test('is not opened for what is refused, nor where the hook sends nothing', async () => {
    await expect(subscribe('subscription { notice }', { refused: ['Subscription.notice'] })).rejects.toThrow(
      'Nothing was subscribed to',
    );
    await expect(
      subscribe('subscription { notice }', { hooks: hooks({ authorize: () => [] }) }),
    ).rejects.toThrow('Nothing was subscribed to');
    expect(ward.school.received).toEqual([]);
  });

  test('ends when the subgraph completes it, and only with that word', async () => {
    const { events } = await subscribe('subscription { notice }');
    sendNext(ward.stream(), { data: { notice: 'one' } });
    ward.stream().end('event: complete\ndata:\n\n');
    await next(events);
    expect((await events.next()).done).toBe(true);

    const broken = await subscribe('subscription { notice }');
    ward.stream().end();
    await expect(broken.events.next()).rejects.toMatchObject({
      error: { extensions: { code: 'SUBGRAPH_UNAVAILABLE', subgraph: 'school' } },
    });
  });

  test('breaks where the connection does, and where an event is larger than an answer may be', async () => {
    const torn = await subscribe('subscription { notice }');
    ward.stream().destroy();
    await expect(torn.events.next()).rejects.toMatchObject({ name: 'StreamError' });

    const flooded = await subscribe('subscription { notice }');
    ward.stream().write(`event: next\ndata: ${'x'.repeat(30_000)}`);
    await expect(flooded.events.next()).rejects.toMatchObject({ name: 'StreamError' });
  });

  test.each([
    ['comments', ':\n\n'],
    ['events of another name', 'event: ping\ndata: x\n\n'],
    ['fields that are none', 'x'.repeat(100)],
  ])('breaks where nothing comes but %s', async (_case, noise) => {
    const { events } = await subscribe('subscription { notice }');
    const stream = ward.stream();
    stream.on('error', () => undefined);
    sendNext(stream, { data: { notice: 'one' } });
    await next(events);
    const broken = events.next();
    const flood = (): void => {
      if (!stream.destroyed) stream.write(noise.repeat(500), () => setImmediate(flood));
    };
    flood();
    await expect(broken).rejects.toMatchObject({ name: 'StreamError' });
  });

  test('goes on where signs of life come between events', async () => {
    const { events, leave } = await subscribe('subscription { notice }');
    for (let each = 0; each < 20; each++) {
      ward.stream().write(':\n\n'.repeat(1_000));
      sendNext(ward.stream(), { data: { notice: 'one' } });
      await next(events);
    }
    leave();
  });

  test('is closed at the subgraph when the caller leaves, and ends without an error', async () => {
    const { events, leave } = await subscribe('subscription { notice }');
    const before = ward.school.aborted();
    const ended = events.next();
    leave();
    expect((await ended).done).toBe(true);
    await expect.poll(() => ward.school.aborted()).toBe(before + 1);
  });

  test('holds a subgraph back that sends faster than events are taken', async () => {
    const { events, leave } = await subscribe('subscription { notice }');
    const stream = ward.stream();
    const notice = 'n'.repeat(10_000);
    const sent = 3_000;
    for (let each = 0; each < sent; each++) sendNext(stream, { data: { notice } });
    // It goes on sending until the sockets between them are full, and no longer: nobody takes an event.
    let waiting = Number.NaN;
    while (waiting !== stream.writableLength) {
      waiting = stream.writableLength;
      await setTimeout(100);
    }
    expect(waiting).toBeGreaterThan(10_000_000);
    for (let taken = 0; taken < sent; taken++) await next(events);
    leave();
  });

  test.each([
    [
      'refuses in words of ours',
      { errors: [{ message: 'x', extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'SCOPE' } }] },
      'UNAUTHORIZED_FIELD_OR_TYPE',
    ],
    ['refuses in its own', { errors: [{ message: 'Anna is not here' }] }, 'SUBGRAPH_ERROR'],
    ['answers instead of streaming', { data: { notice: 'x' } }, 'SUBGRAPH_UNAVAILABLE'],
  ])('does not open at a subgraph that %s', async (_case, body, code) => {
    ward.school.answerWith((_request, response) => answerJson(response, body, 200));
    await expect(subscribe('subscription { notice }')).rejects.toMatchObject({
      error: { extensions: { code } },
    });
  });

  test.each<[string, (response: ServerResponse) => void]>([
    ['says nothing', () => undefined],
    [
      'never comes to the end of a refusal',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        const more = setInterval(() => response.write(' '), 20);
        response.once('close', () => clearInterval(more));
      },
    ],
    [
      'never comes to an answer',
      (response) => {
        const more = setInterval(() => response.writeProcessing(), 20);
        response.once('close', () => clearInterval(more));
      },
    ],
  ])('does not open, within the time-out, at a subgraph that %s', async (_case, answer) => {
    const hurried = await openWard({ fetchTimeout: 300 });
    hurried.school.answerWith((_request, response) => answer(response));
    const operation = hurried.executor.prepare({
      document: parse('subscription { notice }'),
      refused: new Set(),
    });
    const { signal } = new AbortController();
    const begun = performance.now();
    await expect(
      hurried.executor.subscribe({ operation, variables: {}, hooks: hooks(), signal }),
    ).rejects.toMatchObject({ error: { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } } });
    expect(performance.now() - begun).toBeLessThan(5_000);
    await expect.poll(() => hurried.school.aborted()).toBe(1);
    await hurried.close();
  });

  test('does not open where nobody understands it', async () => {
    ward.school.answerWith((_request, response) => answerText(response, '<html>', 502, 'text/html'));
    await expect(subscribe('subscription { notice }')).rejects.toMatchObject({
      error: { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
    });
  });
});
