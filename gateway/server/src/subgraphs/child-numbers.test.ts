import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';
import { describe, expect, test } from 'vitest';
import { createChildNumbers } from './child-numbers.ts';
import type { SystemRequests } from './system-request.ts';

const EVT = 'e'.repeat(64);
const DIRECTORY = 'http://directory.example';
const numberOf = (n: number) => contactPointNumber(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, n >> 8, n & 255));
const [ONE, GIVEN_UP, OTHER] = [numberOf(1), numberOf(2), numberOf(3)] as const;

/** A directory that answers as it is told. */
function childNumbers(answer: (children: readonly string[]) => unknown) {
  const asked: unknown[] = [];
  const requests: SystemRequests = {
    async send(route, content, evt, onGrant) {
      onGrant?.(`jti-${asked.length}`);
      asked.push({ ...route, content, evt });
      return answer((content as { children: readonly string[] }).children);
    },
  };
  const { find } = createChildNumbers(requests, DIRECTORY);
  const jtis: string[] = [];
  const numbers = {
    find: (children: readonly string[], evt: string) => find(children, evt, (jti) => jtis.push(jti)),
  };
  return { numbers, asked, jtis };
}

const themselves = (children: readonly string[]) => ({
  numbers: Object.fromEntries(children.map((child) => [child, [child]])),
});

describe('createChildNumbers', () => {
  test('asks the directory under the event, and passes on what it says', async () => {
    const all = { [ONE]: [ONE, GIVEN_UP], [OTHER]: [OTHER] };
    const { numbers, asked } = childNumbers(() => ({ numbers: all }));
    expect(await numbers.find([ONE, OTHER], EVT)).toEqual(all);
    const route = { aud: 'directory', url: DIRECTORY, path: '/numbers' };
    expect(asked).toEqual([{ ...route, content: { children: [ONE, OTHER] }, evt: EVT }]);
  });

  test('asks anew each time, and for no more than a hundred at once', async () => {
    const { numbers, asked, jtis } = childNumbers(themselves);
    const many = Array.from({ length: 250 }, (_, n) => numberOf(n));
    expect(Object.keys(await numbers.find(many, EVT))).toHaveLength(250);
    await numbers.find([ONE], EVT);
    await numbers.find([ONE], EVT);
    expect(asked).toHaveLength(5);
    expect(jtis).toEqual(['jti-0', 'jti-1', 'jti-2', 'jti-3', 'jti-4']);
  });

  test.each<[string, unknown]>([
    ['leaves the child out', { numbers: {} }],
    ['has the child under other numbers only', { numbers: { [ONE]: [GIVEN_UP] } }],
    ['answers something else', { facts: {} }],
    ['answers nothing', undefined],
  ])('is of no use where the directory %s', async (_case, answer) => {
    const { numbers } = childNumbers(() => answer);
    await expect(numbers.find([ONE], EVT)).rejects.toThrow();
  });
});
