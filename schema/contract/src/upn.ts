/** The 23 check letters; I, O and S are left out since they are mistaken for digits. */
const CHECK_LETTERS = 'ABCDEFGHJKLMNPQRTUVWXYZ';

/**
 * Whether `value` is a unique pupil number: check letter, local authority (3), establishment (4), year (2), serial (3).
 * The last character of a temporary UPN is a letter, which counts as its index among the check letters.
 * @see DfE, Unique pupil numbers: a guide for schools and local authorities
 */
export function isUpn(value: string): boolean {
  return /^[A-Z]\d{11}[\dA-Z]$/.test(value) && upnCheckLetter(value.slice(1)) === value[0];
}

/** Check letter for characters 2 to 13; undefined where the last one is a letter that no UPN has. */
export function upnCheckLetter(rest: string): string | undefined {
  let sum = 0;
  for (let place = 0; place < 12; place++) {
    const character = rest[place] as string;
    const digit = /\d/.test(character) ? Number(character) : CHECK_LETTERS.indexOf(character);
    if (digit < 0) return undefined;
    sum += digit * (place + 2);
  }
  return CHECK_LETTERS[sum % 23];
}
