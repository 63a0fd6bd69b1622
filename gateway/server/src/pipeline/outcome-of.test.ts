import type { AccessOutcome } from '@contactpoint/audit-log/access-event';
import { expect, test } from 'vitest';
import { type Deed, outcomeOf } from './outcome-of.ts';

const error = (code?: string) => ({ message: 'm', ...(code === undefined ? {} : { extensions: { code } }) });
const WITHHELD = 'UNAUTHORIZED_FIELD_OR_TYPE';

test.each<
  [string, ReturnType<typeof error>[], Record<string, unknown> | null, Deed | undefined, AccessOutcome]
>([
  ['all was answered', [], { child: null }, undefined, 'RELEASED'],
  ['a part failed', [error()], { child: {}, me: null }, undefined, 'PARTIAL'],
  ['nothing is left', [error('SUBGRAPH_UNAVAILABLE')], { child: null }, undefined, 'REFUSED'],
  ['nothing at all', [error()], null, undefined, 'REFUSED'],
  ['an agency refused a deed', [error(WITHHELD)], { deed: null }, { answered: false }, 'REFUSED'],
  ['a deed got no answer', [error('SUBGRAPH_UNAVAILABLE')], { deed: null }, { answered: false }, 'PARTIAL'],
  ['what a deed shows is withheld', [error(WITHHELD)], null, { answered: true }, 'PARTIAL'],
])('%s', (_case, errors, data, deed, expected) => {
  expect(outcomeOf({ data, errors }, deed)).toBe(expected);
});
