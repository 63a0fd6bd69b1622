import { expect, test } from 'vitest';
import { breakGlassOpens } from './break-glass.ts';
import { createDecider } from './decide.ts';
import { openAt } from './override.ts';
import { loadPolicySet } from './policy-set.ts';
import { PURPOSES, type PurposeOfUse } from './purpose.ts';
import { ROLE_SECTORS, ROLES } from './role.ts';

const decide = createDecider(loadPolicySet());

test('break-glass opens something to exactly the cells that say B', () => {
  const purposes = Object.keys(PURPOSES) as PurposeOfUse[];
  const opening = ROLES.flatMap((role) =>
    purposes
      .filter((purpose) => breakGlassOpens(decide, { role, sector: ROLE_SECTORS[role] }, purpose))
      .map((purpose) => `${role} ${purpose}`),
  );
  expect(opening.sort()).toEqual(['emergency-clinician EC', 'mash-screener S47', 'police-child-abuse S47']);
});

test('break-glass that opens a class, but not who the child is, opens nothing', () => {
  const who = { role: 'mash-screener', sector: 'SOCIAL_CARE' } as const;
  const opening = (...opened: readonly string[]) =>
    createDecider({
      hash: '',
      ids: [],
      answer: ({ sensitivityClass, override }) => ({
        allowed: opened.includes(sensitivityClass) || (override && sensitivityClass === 'SEALED'),
        policies: [],
      }),
    });
  expect(breakGlassOpens(opening('IDENTITY'), who, 'S47')).toBe(true);
  expect(breakGlassOpens(opening('STATUS'), who, 'S47')).toBe(false);
});

test.each([
  ['before it ends', '2026-06-15T12:59:59.999Z', 1],
  ['when it ends', '2026-06-15T13:00:00.000Z', 0],
  ['afterwards', '2026-06-15T13:00:00.001Z', 0],
])('a window %s', (_case, now, open) => {
  const window = { child: '8Z4K2M0QWX7R5T1B', evt: 'e'.repeat(64), until: '2026-06-15T13:00:00.000Z' };
  expect(openAt([window], new Date(now))).toHaveLength(open);
});

test('a window whose end cannot be read is not open', () => {
  expect(openAt([{ child: 'x', evt: 'e', until: 'tomorrow' }], new Date())).toEqual([]);
});
