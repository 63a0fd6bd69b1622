import { buildSchema } from 'graphql';
import { describe, expect, test } from 'vitest';
import { matching } from './matching.ts';

const schema = buildSchema(`
  type Child { name: String "Coded diagnoses." conditions: [String] }
  type Address { line1: String postcode: String }
  enum Sex { MALE FEMALE }
`);
const types = ['Child', 'Address', 'Sex'].flatMap((name) => schema.getType(name) ?? []);
const found = (words: string) =>
  matching(types, words).map(({ type, fields }) => `${type.name} ${fields.map(({ name }) => name).join()}`);

describe('searching fields', () => {
  test.each([
    ['', ['Child name,conditions', 'Address line1,postcode', 'Sex ']],
    ['postcode', ['Address postcode']],
    ['DIAGNOSES', ['Child conditions']],
    ['child.name', ['Child name']],
    ['address', ['Address line1,postcode']],
    ['sex', ['Sex ']],
    ['child postcode', []],
  ])('%j', (words, expected) => {
    expect(found(words)).toEqual(expected);
  });
});
