import { expect, test } from 'vitest';
import { createGenerations } from './generations.ts';

function generation(name: string) {
  const closed = Promise.withResolvers<void>();
  return {
    name,
    isClosed: false,
    closed,
    async close() {
      this.isClosed = true;
      await closed.promise;
    },
  };
}

const neverFails = (cause: unknown) => {
  throw cause;
};

test('an operation ends on the generation that it began with, and what begins later is on the new one', async () => {
  const [old, next] = [generation('old'), generation('new')];
  const generations = createGenerations(old, neverFails);
  const gate = Promise.withResolvers<void>();
  const seen: string[] = [];
  const begun = generations.run(async (mine) => {
    seen.push(mine.name);
    await gate.promise;
    seen.push(mine.name);
    return mine.name;
  });
  generations.replace(next);
  expect(generations.current).toBe(next);
  expect(await generations.run(async ({ name }) => name)).toBe('new');
  expect(old.isClosed).toBe(false);
  gate.resolve();
  expect(await begun).toBe('old');
  expect(seen).toEqual(['old', 'old']);
  expect(old.isClosed).toBe(true);
  expect(next.isClosed).toBe(false);
});

test('one that nothing runs on is closed at once, and lives until it is closed', async () => {
  const [old, next] = [generation('old'), generation('new')];
  const generations = createGenerations(old, neverFails);
  generations.replace(next);
  expect(old.isClosed).toBe(true);
  expect([...generations.living]).toEqual([old, next]);
  old.closed.resolve();
  await expect.poll(() => [...generations.living]).toEqual([next]);
});

test('an operation that fails has ended too', async () => {
  const [old, next] = [generation('old'), generation('new')];
  const generations = createGenerations(old, neverFails);
  const gate = Promise.withResolvers<never>();
  const begun = generations.run(() => gate.promise);
  generations.replace(next);
  gate.reject(new Error('the caller left'));
  await expect(begun).rejects.toThrow('the caller left');
  expect(old.isClosed).toBe(true);
});

test('each is closed once, however many operations end after it', async () => {
  const all = ['a', 'b', 'c', 'd'].map(generation);
  let closed = 0;
  for (const each of all) {
    each.close = async () => {
      closed++;
    };
  }
  const [first, ...others] = all as [(typeof all)[0], ...typeof all];
  const generations = createGenerations(first, neverFails);
  const gate = Promise.withResolvers<void>();
  const running = others.flatMap((next) => {
    const begun = [1, 2, 3].map(() => generations.run(() => gate.promise));
    generations.replace(next);
    return begun;
  });
  expect(closed).toBe(0);
  gate.resolve();
  await Promise.all(running);
  expect(closed).toBe(3);
  await generations.close();
  expect(closed).toBe(4);
  expect(generations.living.size).toBe(0);
});

test('one that does not close is told, and does not keep the others', async () => {
  const [old, next] = [generation('old'), generation('new')];
  const told: unknown[] = [];
  const generations = createGenerations(old, (cause) => told.push(cause));
  old.closed.reject(new Error('a pool hangs'));
  next.closed.resolve();
  generations.replace(next);
  await generations.close();
  expect(told).toEqual([new Error('a pool hangs')]);
});
