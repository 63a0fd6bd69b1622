import { doubleMetaphone } from 'double-metaphone';
import { jaroWinkler } from './jaro-winkler.ts';

/** A name as it is compared: without accents, punctuation and case, `O’Brien-Íñiguez` → `OBRIEN INIGUEZ`. */
export function normaliseName(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{Mn}|['’.`]/gu, '')
    .toUpperCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim();
}

export type NameAgreement = 'EXACT' | 'SIMILAR' | 'DIFFERENT';

/** Jaro-Winkler from which two spellings count as one name; below it, sound decides. */
const SIMILAR = 0.9;

/** Both normalised. */
export function compareNames(one: string, other: string): NameAgreement {
  if (one === other) return 'EXACT';
  if (jaroWinkler(one, other) >= SIMILAR) return 'SIMILAR';
  const sounds = soundsOf(other);
  return soundsOf(one).some((sound) => sounds.includes(sound)) ? 'SIMILAR' : 'DIFFERENT';
}

/** Best agreement of any name of one side with any of the other; undefined where a side has none. */
export function compareNameLists(
  some: readonly string[],
  others: readonly string[],
): NameAgreement | undefined {
  const [left, right] = [some.map(normaliseName).filter(Boolean), others.map(normaliseName).filter(Boolean)];
  if (left.length === 0 || right.length === 0) return undefined;
  const agreements = left.flatMap((one) => right.map((other) => compareNames(one, other)));
  if (agreements.includes('EXACT')) return 'EXACT';
  return agreements.includes('SIMILAR') ? 'SIMILAR' : 'DIFFERENT';
}

/** Double Metaphone codes of a normalised name; none where nothing of it sounds in English. */
export function soundsOf(name: string): string[] {
  return [...new Set(doubleMetaphone(name))].filter((code) => code !== '');
}
