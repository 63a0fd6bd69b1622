import { describe, expect, test } from 'vitest';
import { callerOf } from '../testing/personas.ts';
import { accessOfStream } from './subscription-event.ts';

const CALLER = { ...callerOf('teacher', 'ED'), scopes: ['child:read', 'child:search'] };
const planned = (...refused: string[]) => ({ refusals: { refused: new Set(refused) } }) as never;
const STREAM = accessOfStream(CALLER, planned('Child.a', 'Child.b'), 'supergraph-1');

describe('what a stream was opened under', () => {
  test.each<[string, object]>([
    ['caller', { sub: 'p-other' }],
    ['role', { role: 'school-nurse' }],
    ['sector', { sector: 'HEALTH' }],
    ['organisation', { organisation: 'SCHOOL-2' }],
    ['scopes', { scopes: ['child:read'] }],
    ['purpose', { purpose: 'S47' }],
    ['policies', { policySet: 'another' }],
  ])('is another where the %s is', (_case, change) => {
    const other = { ...CALLER, ...change } as typeof CALLER;
    expect(accessOfStream(other, planned('Child.a', 'Child.b'), 'supergraph-1')).not.toBe(STREAM);
  });

  test('is another where the supergraph is, or what is refused', () => {
    expect(accessOfStream(CALLER, planned('Child.a', 'Child.b'), 'supergraph-2')).not.toBe(STREAM);
    expect(accessOfStream(CALLER, planned('Child.a'), 'supergraph-1')).not.toBe(STREAM);
  });

  test('is the same in whichever order it is named, and for the next request of the caller', () => {
    const next = { ...CALLER, evt: 'another', scopes: CALLER.scopes.toReversed() };
    expect(accessOfStream(next, planned('Child.b', 'Child.a'), 'supergraph-1')).toBe(STREAM);
  });
});
