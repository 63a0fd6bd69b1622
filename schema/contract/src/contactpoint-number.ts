/** Crockford base32: no I, L, O or U, so that a number read out over the telephone arrives. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Whether `value` is a ContactPoint number: 80 bits as 16 characters of Crockford base32, upper case. */
export function isContactPointNumber(value: string): boolean {
  return /^[0-9A-HJKMNP-TV-Z]{16}$/.test(value);
}

/**
 * @param random At least 10 bytes, cryptographically random for real children: a number must not be guessable.
 */
export function contactPointNumber(random: Uint8Array): string {
  let bits = 0n;
  for (const byte of random.subarray(0, 10)) bits = (bits << 8n) | BigInt(byte);
  let number = '';
  for (let place = 15n; place >= 0n; place--) number += ALPHABET[Number((bits >> (place * 5n)) & 31n)];
  return number;
}
