import { createHmac } from 'node:crypto';

/**
 * Values that two agencies have compared without telling them to one another, or to whoever compares: each gives HMACs
 * under a key that was made for the one question, and what is equal has equal ones.
 */
export type ValueDigest = (kind: ComparedKind, text: string) => string;

/** Of values of different kinds the digests are never equal. */
type ComparedKind = 'family-name' | 'person' | 'authority' | 'address' | 'child';

/** Bytes of an HMAC that are given: enough that no two of one question are equal by chance. */
const BYTES = 16;

/** @param key 32 bytes in base64url, made anew for each question. */
export function createValueDigest(key: string): ValueDigest {
  const secret = Buffer.from(key, 'base64url');
  return (kind, text) =>
    createHmac('sha256', secret).update(`${kind}\n${text}`).digest().subarray(0, BYTES).toString('base64url');
}

/** What is no name by itself where a name has several parts. */
const PARTICLES: ReadonlySet<string> = new Set(
  'VAN VON DER DEN DE DES DEL LA LE LES DU DI DA DO DOS EL AL UL UR BIN BEN IBN BINT ABU MC MAC ST AP TEN TER ZU'.split(
    ' ',
  ),
);

const TITLES: ReadonlySet<string> = new Set('MR MRS MS MISS MX DR PROF REV SIR DAME'.split(' '));

/** Letters that Unicode does not take apart into a letter and its accent. */
const UNDIVIDED: Readonly<Record<string, string>> = {
  Ø: 'O',
  Ł: 'L',
  Đ: 'D',
  Æ: 'AE',
  Œ: 'OE',
  Þ: 'TH',
  Ð: 'D',
};

/**
 * A family name in every form in which it may stand elsewhere: the whole of it, and each part of one of several parts.
 * Without case, accents, apostrophes and hyphens: `Smith-Jones` → `SMITHJONES`, `SMITH`, `JONES`.
 */
export function familyNameForms(familyName: string): readonly string[] {
  const words = wordsOf(familyName);
  const parts = words.filter((word) => word.length > 1 && !PARTICLES.has(word));
  return [...new Set([words.join(''), ...parts])].filter((form) => form !== '');
}

/** The last word of a name that is written in one, in each of its forms. A name of one word is a family name. */
export function familyNameFormsOf(name: string): readonly string[] {
  return familyNameForms(name.trim().split(/\s+/u).at(-1) ?? '');
}

/**
 * First given name and family name, in each form of the latter: `Mrs Jo Ann Smith-Jones` → `JO SMITHJONES`, `JO SMITH`,
 * `JO JONES`. None of a name that lacks either.
 */
export function personForms(name: string): readonly string[] {
  const words = name.trim().split(/\s+/u);
  const given = words.flatMap(wordsOf).find((word) => !TITLES.has(word));
  const untitled = words.filter((word) => !TITLES.has(wordsOf(word).join('')));
  if (given === undefined || untitled.length < 2) return [];
  return familyNameForms(untitled.at(-1) ?? '').map((family) => `${given} ${family}`);
}

function wordsOf(name: string): readonly string[] {
  return name
    .normalize('NFKD')
    .replace(/\p{M}|['’‘ʼ`.]/gu, '')
    .toUpperCase()
    .replace(/[ØŁĐÆŒÞÐ]/g, (letter) => UNDIVIDED[letter] ?? letter)
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== '');
}
