import { expect, test } from 'vitest';
import { type Organisation, placesOf } from './places.ts';

const organisation = (id: string, name: string | null): Organisation => ({
  ...{ id, name, stage: 'LIVE', userQuota: 10 },
  ...{ grantedUsers: 6, activeUsers: 3, dormantUsers: 2, lapsingUsers: 0 },
});

test('organisations are called by their names, and by their ids as well where two share one', () => {
  const stacks = placesOf([
    organisation('LA-1', 'Brackenshire'),
    organisation('S-1', 'St Mary’s'),
    organisation('S-2', 'St Mary’s'),
    organisation('S-3', null),
  ]);
  expect(stacks.map(({ of }) => of)).toEqual(['Brackenshire', 'St Mary’s (S-1)', 'St Mary’s (S-2)', 'S-3']);
});

test('every place of the quota is one of the parts', () => {
  expect(placesOf([organisation('LA-1', 'Brackenshire')])[0]).toMatchObject({
    parts: { 'In use': 3, Dormant: 2, 'Not used yet': 1, 'Free places': 4 },
    total: 6,
  });
});
