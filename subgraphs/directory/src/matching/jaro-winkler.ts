/** Share of the distance to 1 that each common leading letter closes, and how many letters count. */
const PREFIX_SCALE = 0.1;
const PREFIX_LENGTH = 4;

/**
 * Similarity of two strings from 0 to 1. Own code: the packages that offer it have seen no release for years.
 * @see Winkler, String Comparator Metrics and Enhanced Decision Rules in the Fellegi-Sunter Model, 1990
 */
export function jaroWinkler(one: string, other: string): number {
  const jaro = jaroSimilarity(one, other);
  let prefix = 0;
  while (prefix < PREFIX_LENGTH && prefix < one.length && one[prefix] === other[prefix]) prefix++;
  return jaro + prefix * PREFIX_SCALE * (1 - jaro);
}

function jaroSimilarity(one: string, other: string): number {
  if (one === other) return 1;
  const reach = Math.max(0, Math.floor(Math.max(one.length, other.length) / 2) - 1);
  const taken = new Set<number>();
  const inOne: string[] = [];
  for (let place = 0; place < one.length; place++) {
    const from = Math.max(0, place - reach);
    const to = Math.min(other.length - 1, place + reach);
    for (let candidate = from; candidate <= to; candidate++) {
      if (taken.has(candidate) || one[place] !== other[candidate]) continue;
      taken.add(candidate);
      inOne.push(one[place] as string);
      break;
    }
  }
  const matches = inOne.length;
  if (matches === 0) return 0;
  const inOther = [...taken].sort((a, b) => a - b).map((place) => other[place]);
  const transpositions = inOne.filter((letter, place) => letter !== inOther[place]).length / 2;
  return (matches / one.length + matches / other.length + (matches - transpositions) / matches) / 3;
}
