/**
 * Base64 with its filler, as notes and checkpoints have it. Of the language alone, so that browsers verify by the same code.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function encodeBase64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

/** @returns undefined for what is no base64, and for what lenient readers read past: a missing filler, spare bits. */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64) || base64.length % 4 !== 0) return undefined;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  return encodeBase64(bytes) === base64 ? bytes : undefined;
}
