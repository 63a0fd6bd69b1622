import { expect, test } from 'vitest';
import { mergeByJti } from './merge-by-jti.ts';

async function* from(jtis: string, source: number) {
  for (const [place, jti] of jtis.split(' ').filter(Boolean).entries())
    yield { jti, of: `${source}/${place}` };
}

/** As `1:0/0,0/1`: source and place of each item. */
async function merged(...sources: string[]): Promise<string[]> {
  const groups: string[] = [];
  for await (const { jti, items } of mergeByJti(sources.map(from))) {
    const found = [...items].map(([source, each]) => `${source}:${each.map(({ of }) => of).join(',')}`);
    groups.push(`${jti} ${found.join(' ')}`);
  }
  return groups;
}

test.each([
  ['nothing', [''], []],
  ['one source', ['a b b'], ['a 0:0/0', 'b 0:0/1,0/2']],
  ['sources of different lengths', ['b', 'a b b c', ''], ['a 1:1/0', 'b 0:0/0 1:1/1,1/2', 'c 1:1/3']],
  // In UTF-16, which is JavaScript's own order, the second would come first.
  ['the order of UTF-8 bytes', ['ﬀ', '😀'], ['ﬀ 0:0/0', '😀 1:1/0']],
])('brings together what has one jti: %s', async (_case, sources, groups) => {
  expect(await merged(...sources)).toEqual(groups);
});

test('lets go of every source when it is left', async () => {
  const left: number[] = [];
  async function* endless(source: number) {
    try {
      for (let turn = 0; ; turn++) yield { jti: String(turn).padStart(9, '0') };
    } finally {
      left.push(source);
    }
  }
  for await (const { jti } of mergeByJti([endless(0), endless(1)])) if (jti.endsWith('5')) break;
  expect(left).toEqual([0, 1]);
});
