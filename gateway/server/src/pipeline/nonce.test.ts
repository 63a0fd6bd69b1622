import { expect, test } from 'vitest';
import { drawNonce } from './nonce.ts';

test('every nonce is another one, and stays what it was while others are drawn', () => {
  const nonces = Array.from({ length: 1_000 }, () => drawNonce());
  const texts = nonces.map((nonce) => nonce.toString('hex'));
  expect(new Set(texts).size).toBe(1_000);
  expect(nonces.every((nonce) => nonce.length === 16)).toBe(true);

  for (let turn = 0; turn < 1_000; turn++) drawNonce();
  expect(nonces.map((nonce) => nonce.toString('hex'))).toEqual(texts);
});
