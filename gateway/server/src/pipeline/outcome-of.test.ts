import type { AccessOutcome } from '@contactpoint/audit-log/access-event';
import { expect, test } from 'vitest';
import { outcomeOf } from './outcome-of.ts';

const error = (code?: string) => ({ message: 'm', ...(code === undefined ? {} : { extensions: { code } }) });

test.each<[string, ReturnType<typeof error>[], Record<string, unknown> | null, boolean, AccessOutcome]>([
  ['all was answered', [], { child: null }, false, 'RELEASED'],
  ['a part failed', [error()], { child: {}, me: null }, false, 'PARTIAL'],
  ['nothing is left', [error('SUBGRAPH_UNAVAILABLE')], { child: null }, false, 'REFUSED'],
  ['nothing at all', [error()], null, false, 'REFUSED'],
  ['an agency refused a deed', [error('BAD_USER_INPUT')], { deed: null }, true, 'REFUSED'],
  ['a deed got no answer', [error('SUBGRAPH_UNAVAILABLE')], { deed: null }, true, 'PARTIAL'],
  ['what a deed shows is withheld', [error('UNAUTHORIZED_FIELD_OR_TYPE')], null, true, 'PARTIAL'],
])('%s', (_case, errors, data, isMutation, expected) => {
  expect(outcomeOf({ data, errors }, isMutation)).toBe(expected);
});
