import { describe, expect, test } from 'vitest';
import { mostAmongPeers } from './most-among-peers.ts';
import { DEFAULT_ALERT_SETTINGS } from './settings.ts';

const { volume } = DEFAULT_ALERT_SETTINGS;

/** So many people, each with these days. */
function peers(people: number, counts: readonly number[]) {
  return Array.from({ length: people }, (_, person) =>
    counts.map((children) => ({ practitionerId: `p-${person}`, children })),
  ).flat();
}

describe('mostAmongPeers', () => {
  test('is some deviations above the median', () => {
    // Median 12, median absolute deviation 2: 12 + 6 × 1.4826 × 2.
    expect(mostAmongPeers(peers(8, [8, 10, 12, 14, 16]), volume)).toBe(29);
  });

  test('takes one child for a deviation where all days are alike, and never goes below the floor', () => {
    expect(mostAmongPeers(peers(8, [30, 30, 30, 30, 30]), volume)).toBe(36);
    expect(mostAmongPeers(peers(8, [3, 3, 3, 3, 3]), volume)).toBe(volume.children);
  });

  test('is not moved by a colleague who browses as well', () => {
    const usual = peers(9, [8, 10, 12, 14, 16]);
    const browser = Array.from({ length: 5 }, () => ({ practitionerId: 'p-browser', children: 150 }));
    expect(mostAmongPeers([...usual, ...browser], volume)).toBeLessThan(40);
  });

  test.each([
    ['seven people', peers(7, [5, 5, 5, 5, 5, 5])],
    ['eight people with thirty-nine days', peers(8, [5, 5, 5, 5, 5]).slice(1)],
    ['nobody', []],
  ])('says nothing of %s', (_case, days) => {
    expect(mostAmongPeers(days, volume)).toBeUndefined();
  });

  test('is the middle of two for an even number', () => {
    const settings = { ...volume, people: 1, peerDays: 2, children: 0 };
    expect(mostAmongPeers(peers(1, [10, 20]), settings)).toBe(Math.floor(15 + 6 * 1.4826 * 5));
  });
});
