import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  type AskedSubgraph,
  answered,
  startAskedSubgraph,
  TIMEOUT,
  UNAVAILABLE,
} from '../testing/asked-subgraph.ts';
import {
  type BatchingSubgraph,
  beginLines,
  lineOf,
  type SentOperation,
} from '../testing/batching-subgraph.ts';
import { Abandonment } from './abandonment.ts';

let subgraph: BatchingSubgraph;
let ask: AskedSubgraph['ask'];
let close: AskedSubgraph['close'];

beforeEach(async () => {
  ({ subgraph, ask, close } = await startAskedSubgraph());
});
afterEach(() => close());

/** Asks alone once, from which the client learns what the subgraph takes. */
async function learn(): Promise<void> {
  await ask('first');
  subgraph.arrived.length = 0;
}

const grantsOf = () =>
  subgraph.arrived.map(({ operations }) => operations.map(({ extensions }) => extensions['grant']));

describe('operations asked in one turn', () => {
  test('travel in one request, each with its own grant, and each gets its own answer', async () => {
    await learn();
    subgraph.batch = (operations, response) => {
      beginLines(response);
      for (const index of [2, 0, 1]) response.write(lineOf(index, operations[index] as SentOperation));
      response.end();
    };
    expect(await Promise.all([ask('a'), ask('b'), ask('c')])).toEqual(['a', 'b', 'c'].map(answered));
    expect(subgraph.arrived.map(({ path }) => path)).toEqual(['/graphql/batch']);
    expect(grantsOf()).toEqual([['a', 'b', 'c']]);
  });

  test('go alone where the subgraph says nothing of batches', async () => {
    subgraph.declaration = undefined;
    await learn();
    expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a', 'b'].map(answered));
    expect(subgraph.arrived.map(({ path }) => path)).toEqual(['/graphql', '/graphql']);
  });

  test.each([
    ['of another origin', '"//elsewhere/batch";max=50'],
    ['that is a URL', '"http://elsewhere/batch";max=50'],
    ['without a size', '"/graphql/batch"'],
    ['of one', '"/graphql/batch";max=1'],
    ['that is none', 'yes'],
  ])('go alone where it names a route %s', async (_case, declaration) => {
    subgraph.declaration = declaration;
    await learn();
    await Promise.all([ask('a'), ask('b')]);
    expect(grantsOf().sort()).toEqual([['a'], ['b']]);
  });

  test('are as many in one request as the subgraph takes', async () => {
    subgraph.declaration = '"/graphql/batch";max=2';
    await learn();
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((grant) => ask(grant)));
    expect(grantsOf()).toEqual(expect.arrayContaining([['a', 'b'], ['c', 'd'], ['e']]));
  });

  test('go alone when there is one, and a mutation always does', async () => {
    await learn();
    await ask('a');
    await Promise.all([ask('b'), ask('c'), ask('m', { query: 'mutation{do}' })]);
    expect(grantsOf()).toEqual(expect.arrayContaining([['a'], ['b', 'c'], ['m']]));
  });
});

describe('no caller waits for another', () => {
  test('whose operation is slow', async () => {
    await learn();
    const slow = Promise.withResolvers<void>();
    subgraph.batch = async (operations, response) => {
      beginLines(response);
      response.write(lineOf(1, operations[1] as SentOperation));
      await slow.promise;
      response.end(lineOf(0, operations[0] as SentOperation));
    };
    const first = ask('slow');
    expect(await ask('quick')).toEqual(answered('quick'));
    slow.resolve();
    expect(await first).toEqual(answered('slow'));
  });

  test('who leaves: the others are answered, and the request ends when nobody is left', async () => {
    await learn();
    const later = Promise.withResolvers<void>();
    subgraph.batch = async (operations, response) => {
      beginLines(response);
      await later.promise;
      response.write(lineOf(0, operations[0] as SentOperation));
      response.write(lineOf(1, operations[1] as SentOperation));
    };
    const abandonment = new Abandonment();
    const left = ask('leaves', { abandonment });
    const stays = ask('stays');
    await expect.poll(() => subgraph.arrived).toHaveLength(1);
    abandonment.abandon();
    expect(await left).toEqual(UNAVAILABLE);
    expect(subgraph.aborted()).toBe(0);
    later.resolve();
    expect(await stays).toEqual(answered('stays'));
  });

  test('and when all have left, their request is given up', async () => {
    await learn();
    subgraph.batch = (_operations, response) => beginLines(response);
    const abandonment = new Abandonment();
    const both = [ask('a', { abandonment }), ask('b', { abandonment })];
    await expect.poll(() => subgraph.arrived).toHaveLength(1);
    abandonment.abandon();
    expect(await Promise.all(both)).toEqual([UNAVAILABLE, UNAVAILABLE]);
    await expect.poll(() => subgraph.aborted()).toBe(1);
  });
});

describe('a batch that goes wrong harms nobody but whose answer it is', () => {
  const writing = (of: (operations: readonly SentOperation[]) => readonly (string | Buffer)[]) => {
    subgraph.batch = (operations, response) => {
      beginLines(response);
      for (const part of of(operations)) response.write(part);
      response.end();
    };
  };

  test.each<[string, (operations: readonly SentOperation[]) => readonly (string | Buffer)[]]>([
    ['leaves one out', ([a]) => [lineOf(0, a as SentOperation)]],
    ['breaks off', ([a]) => [lineOf(0, a as SentOperation), '[1,{"data"']],
    ['is no JSON', () => ['oops\n']],
    ['is no line of a batch', () => ['{"data":{}}\n']],
    ['answers an operation that was not asked', () => ['[7,{"data":{"of":"x"}}]\n']],
    ['answers one of no number', () => ['["0",{"data":{"of":"x"}}]\n']],
    ['is no UTF-8', () => [Buffer.from([0x5b, 0xff, 0x5d, 0x0a])]],
    ['is empty', () => []],
  ])('when it %s, who got no answer asks once more, alone', async (_case, of) => {
    await learn();
    writing(of);
    expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a', 'b'].map(answered));
  });

  test('when one answer is too long, only that one is unavailable', async () => {
    await learn();
    const tooLong = `[0,{"data":{"of":"${'x'.repeat(3_000)}"}}]\n`;
    writing(([, b]) => [tooLong, lineOf(1, b as SentOperation)]);
    const { single } = subgraph;
    subgraph.single = (operation, response) => {
      if (operation.extensions['grant'] !== 'long') return single(operation, response);
      response.writeHead(200, { 'content-type': 'application/json' }).end(tooLong);
    };
    expect(await Promise.all([ask('long'), ask('b')])).toEqual([UNAVAILABLE, answered('b')]);
  });

  test('when an answer comes in pieces and after another, each is put together', async () => {
    await learn();
    subgraph.batch = (operations, response) => {
      beginLines(response);
      const text = operations.map((operation, index) => lineOf(index, operation)).join('');
      for (const character of text) response.write(character);
      response.end();
    };
    expect(await Promise.all([ask('ä'), ask('b')])).toEqual(['ä', 'b'].map(answered));
  });

  test.each([404, 413, 400])(
    'when the route is refused with %i, all go alone from then on',
    async (status) => {
      await learn();
      subgraph.batch = (_operations, response) => void response.writeHead(status).end('{}');
      expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a', 'b'].map(answered));
      expect(subgraph.arrived.map(({ path }) => path)).toEqual(['/graphql/batch', '/graphql', '/graphql']);
    },
  );
});

describe('a subgraph that does not come to an end', () => {
  const aborted = () => expect.poll(() => subgraph.aborted(), { timeout: 10_000 }).toBe(1);

  test('with the answers to a batch is left when everybody has theirs', async () => {
    await learn();
    subgraph.batch = (operations, response) => {
      beginLines(response);
      for (const index of [0, 1]) response.write(lineOf(index, operations[index] as SentOperation));
    };
    expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a', 'b'].map(answered));
    await aborted();
  });

  test('and also where somebody left before there was an answer', async () => {
    await learn();
    const left = Promise.withResolvers<void>();
    subgraph.batch = async (operations, response) => {
      beginLines(response);
      await left.promise;
      response.write(lineOf(1, operations[1] as SentOperation));
    };
    const abandonment = new Abandonment();
    const both = [ask('leaves', { abandonment }), ask('stays')];
    await expect.poll(() => subgraph.arrived).toHaveLength(1);
    abandonment.abandon();
    left.resolve();
    expect(await Promise.all(both)).toEqual([UNAVAILABLE, answered('stays')]);
    await aborted();
  });

  test.each([
    ['says more than it was asked', (line: string) => line + line],
    ['says the same again and again', (line: string) => line.replace('[1,', '[0,')],
    ['goes on with no line at all', () => ' '.repeat(100)],
  ])('at once where it %s', async (_case, more) => {
    await learn();
    subgraph.batch = (operations, response) => {
      beginLines(response);
      const [first, second] = [0, 1].map((index) => lineOf(index, operations[index] as SentOperation));
      response.write(`${first}${second}`);
      const flood = setInterval(() => response.write(more(second ?? '')), 10);
      response.once('close', () => clearInterval(flood));
    };
    const begun = performance.now();
    expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a', 'b'].map(answered));
    await aborted();
    expect(performance.now() - begun).toBeLessThan(TIMEOUT);
  });
});

describe('before its answer a subgraph may send', () => {
  test('early hints, which are none', async () => {
    const { single } = subgraph;
    subgraph.single = (operation, response) => {
      response.writeEarlyHints({ link: '</style.css>; rel=preload' });
      response.writeProcessing();
      single(operation, response);
    };
    expect(await ask('a')).toEqual(answered('a'));
    expect(subgraph.arrived).toHaveLength(1);
  });

  test('not so many of them that there is no end', async () => {
    subgraph.single = (_operation, response) => {
      const more = setInterval(() => response.writeProcessing(), 5);
      response.once('close', () => clearInterval(more));
    };
    const begun = performance.now();
    expect(await ask('a')).toEqual(UNAVAILABLE);
    expect(performance.now() - begun).toBeLessThan(3 * TIMEOUT);
  });
});
