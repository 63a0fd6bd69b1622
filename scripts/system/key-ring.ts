import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync } from 'node:fs';
import * as v from 'valibot';
import { writePrivate } from './private-file.ts';

const KeyRing = v.object({
  keys: v.pipe(v.array(v.object({ kid: v.string(), secret: v.string() })), v.minLength(1)),
});

type Key = v.InferOutput<typeof KeyRing>['keys'][number];

/** Makes a ring with one key, unless there is one. */
export function ensureKeyRing(file: string): void {
  if (!existsSync(file)) replaceRing(file, [newKey()]);
}

/**
 * Puts a new key second: everybody verifies by it, and nobody signs with it yet.
 *
 * @returns Its `kid`; undefined where there is a second key already, which a change is under way with.
 */
export function addKey(file: string): string | undefined {
  const [first, ...others] = keysIn(file);
  if (others.length > 0) return undefined;
  const key = newKey();
  replaceRing(file, [first as Key, key]);
  return key.kid;
}

/** Puts a new key first: it signs from the next start on. @returns Its `kid`. */
export function addFirstKey(file: string): string {
  const key = newKey();
  replaceRing(file, [key, ...keysIn(file)]);
  return key.kid;
}

/** Puts the second key first: it signs from the next start on. @returns Its `kid`; undefined where there is none. */
export function useSecondKey(file: string): string | undefined {
  const [first, second, ...others] = keysIn(file);
  if (second === undefined) return undefined;
  replaceRing(file, [second, first as Key, ...others]);
  return second.kid;
}

/** Removes every key but the first. @returns How many. */
export function dropFormerKeys(file: string): number {
  const [first, ...others] = keysIn(file);
  if (others.length > 0) replaceRing(file, [first as Key]);
  return others.length;
}

function newKey(): Key {
  return { kid: randomBytes(6).toString('hex'), secret: randomBytes(32).toString('base64url') };
}

function keysIn(file: string): readonly Key[] {
  return v.parse(KeyRing, JSON.parse(readFileSync(file, 'utf8'))).keys;
}

/** As a whole: a process may start, and read it, at any moment. */
function replaceRing(file: string, keys: readonly Key[]): void {
  writePrivate(`${file}.new`, JSON.stringify({ keys }, null, 2));
  renameSync(`${file}.new`, file);
}
