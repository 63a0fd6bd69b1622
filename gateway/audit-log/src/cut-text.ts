/** Characters kept of a name that a caller can write at will: a refusal of something oversized must be recorded as well. */
export const MAX_NAME = 200;

/** @param length In UTF-16 units. */
export function cutText<Text extends string | undefined>(text: Text, length: number): Text {
  return text?.slice(0, length) as Text;
}
