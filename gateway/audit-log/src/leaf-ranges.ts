/** Leaves of one log that follow each other: indexes of the first and of the last. */
export type LeafRange = readonly [first: number, last: number];

/** Leaves of one log by their indexes, as text: `3,5-9`. */
export interface NamedLeaves {
  readonly indexes: string;
  /** How many these are. */
  readonly count: number;
}

/** Ascending, without a gap that is none: of each set of leaves there is one text. An index of 15 digits is a safe integer. */
const RANGES = /^\d{1,15}(-\d{1,15})?(,\d{1,15}(-\d{1,15})?)*$/;

/**
 * Names leaves by their indexes.
 *
 * @param indexes In any order, none twice.
 * @param most Characters that one text may have; more leaves are named by several texts.
 */
export function nameLeaves(indexes: readonly bigint[], most: number): readonly NamedLeaves[] {
  const texts: { indexes: string; count: number }[] = [];
  for (const [first, last] of joinRanges(indexes.map((index) => [Number(index), Number(index)]))) {
    const text = first === last ? String(first) : `${first}-${last}`;
    const count = last - first + 1;
    const open = texts.at(-1);
    if (open !== undefined && open.indexes.length + 1 + text.length <= most) {
      open.indexes += `,${text}`;
      open.count += count;
    } else texts.push({ indexes: text, count });
  }
  return texts;
}

/** @returns Undefined where the text is none that `nameLeaves` writes. */
export function readLeafRanges(text: string): readonly LeafRange[] | undefined {
  if (!RANGES.test(text)) return undefined;
  const ranges: LeafRange[] = [];
  for (const part of text.split(',')) {
    const [first = 0, last = first] = part.split('-').map(Number);
    const isFollowing = ranges.length === 0 || first > (ranges.at(-1)?.[1] ?? 0) + 1;
    if (!isFollowing || last < first) return undefined;
    ranges.push([first, last]);
  }
  return ranges;
}

/** How many leaves lie in ranges that do not overlap. */
export function countLeaves(ranges: readonly LeafRange[]): number {
  return ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);
}

/** The same leaves in as few ranges as there can be, in order. */
export function joinRanges(ranges: readonly LeafRange[]): readonly LeafRange[] {
  const joined: [number, number][] = [];
  for (const [first, last] of ranges.toSorted(([one], [other]) => one - other)) {
    const open = joined.at(-1);
    if (open !== undefined && first <= open[1] + 1) open[1] = Math.max(open[1], last);
    else joined.push([first, last]);
  }
  return joined;
}

/**
 * What is in some ranges and in none of others.
 *
 * @param ranges In order and without overlap, as `joinRanges` makes them; `without` likewise.
 */
export function withoutRanges(
  ranges: readonly LeafRange[],
  without: readonly LeafRange[],
): readonly LeafRange[] {
  const left: LeafRange[] = [];
  let place = 0;
  for (const [first, last] of ranges) {
    let next = first;
    while ((without[place]?.[1] ?? Number.POSITIVE_INFINITY) < next) place++;
    for (let at = place; (without[at]?.[0] ?? Number.POSITIVE_INFINITY) <= last; at++) {
      const [from, to] = without[at] as LeafRange;
      if (from > next) left.push([next, from - 1]);
      next = to + 1;
    }
    if (next <= last) left.push([next, last]);
  }
  return left;
}
