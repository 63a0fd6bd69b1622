import { describe, expect, test } from 'vitest';
import { parseJson } from './subgraph-answer.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const many = (item: string, times: number) => `[${Array(times).fill(item).join()}]`;

describe('an answer of many values is none', () => {
  test.each([
    ['empty objects', many('{}', 600_000)],
    ['empty lists', many('[]', 600_000)],
    ['numbers', many('0', 600_000)],
    ['keys', `{${Array.from({ length: 600_000 }, (_, index) => `"${index}":0`).join()}}`],
    ['lists within lists', '['.repeat(600_000) + ']'.repeat(600_000)],
  ])('%s', (_case, text) => {
    expect(parseJson(bytes(text))).toBeUndefined();
  });
});

test.each([
  ['long texts', JSON.stringify(Array(80).fill('She was here, and left again. '.repeat(3_000)))],
  ['many objects', many('{"a":"text of some length","b":12345}', 100_000)],
])('an answer may hold %s', (_case, text) => {
  expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
});

test('what is no JSON, or no UTF-8, is no answer', () => {
  expect([parseJson(bytes('{"a":')), parseJson(Buffer.from([0x22, 0xff, 0x22]))]).toEqual([
    undefined,
    undefined,
  ]);
});
