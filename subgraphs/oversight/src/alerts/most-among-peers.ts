import type { VolumeSettings } from './settings.ts';

/** Makes the median absolute deviation of a normal distribution its standard deviation. */
const NORMAL = 1.4826;

/**
 * Children in a day above which somebody is far above these peers. Median and median absolute deviation, so that one
 * colleague who browses as well does not make it usual.
 *
 * @param days One entry a peer and day.
 * @returns Undefined where the peers, or their days, are too few to say.
 */
export function mostAmongPeers(
  days: readonly { readonly practitionerId: string; readonly children: number }[],
  settings: VolumeSettings,
): number | undefined {
  const people = new Set(days.map(({ practitionerId }) => practitionerId)).size;
  if (people < settings.people || days.length < settings.peerDays) return undefined;
  const counts = days.map(({ children }) => children);
  const middle = median(counts);
  const deviation = Math.max(1, NORMAL * median(counts.map((count) => Math.abs(count - middle))));
  return Math.max(settings.children, Math.floor(middle + settings.deviations * deviation));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}
