import { expect, test } from 'vitest';
import { type ClassGrant, isGranted } from './sensitivity.ts';

test.each<[ClassGrant, boolean, boolean]>([
  [{ STATUS: 'FULL' }, true, true],
  [{ STATUS: 'MINIMAL' }, true, false],
  [{}, false, false],
  [{ SPECIAL: 'FULL' }, false, false],
])('%j grants of STATUS the minimal subset: %s, the rest: %s', (grant, minimal, rest) => {
  expect(isGranted(grant, { class: 'STATUS', minimal: true })).toBe(minimal);
  expect(isGranted(grant, { class: 'STATUS', minimal: false })).toBe(rest);
});
