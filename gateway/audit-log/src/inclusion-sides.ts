/** Where the sibling stands that a subtree is hashed with. */
export type Side = 'LEFT' | 'RIGHT';

/**
 * On which side each hash of an inclusion proof stands, lowest first: RFC 6962's PATH followed from the root. What is left
 * of verifying a proof is hashing, which Node and browsers do by different means.
 *
 * @returns undefined where no tree of this size has such a leaf.
 * @see https://www.rfc-editor.org/rfc/rfc6962#section-2.1.1
 */
export function siblingSides(index: number, size: number): readonly Side[] | undefined {
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    return undefined;
  const sides: Side[] = [];
  let [leaf, leaves] = [index, size];
  while (leaves > 1) {
    const left = splitPoint(leaves);
    if (leaf < left) {
      sides.push('RIGHT');
      leaves = left;
    } else {
      sides.push('LEFT');
      leaf -= left;
      leaves -= left;
    }
  }
  return sides.reverse();
}

/** Largest power of two below the size: where RFC 6962 splits a tree. Exact far beyond 2^31, unlike bit operators. */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** First byte of what is hashed over two subtrees. The prefixes differ so that no node can pass for a leaf. */
export const NODE = 0x01;
