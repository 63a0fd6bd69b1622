import { randomFillSync } from 'node:crypto';

const NONCE_BYTES = 16;

/** Drawn at a time: a draw of one nonce takes 2 µs, and one of a hundred hardly more. */
const DRAWN = 128;

const drawn = Buffer.alloc(DRAWN * NONCE_BYTES);
let next = drawn.length;

/** The nonce of one access event: 16 random bytes, in memory of its own. */
export function drawNonce(): Buffer {
  if (next === drawn.length) {
    randomFillSync(drawn);
    next = 0;
  }
  const nonce = Buffer.from(drawn.subarray(next, next + NONCE_BYTES));
  next += NONCE_BYTES;
  return nonce;
}
