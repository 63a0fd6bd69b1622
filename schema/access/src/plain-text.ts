/**
 * Joiners where a script or an emoji is written with them, and one selector after what has variants. They are as invisible
 * as the rest of their kind, and Persian, Hindi or a kanji of somebody's name cannot be written without.
 *
 * @see https://www.unicode.org/reports/tr31/#Layout_and_Format_Control_Characters
 */
const NEEDED =
  /(?<=[[\p{L}\p{M}]--\p{Script=Latin}])[\u200C\u200D](?=[\p{L}\p{M}])|(?<=[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F])\u200D(?=\p{Extended_Pictographic})|(?<=[\p{Extended_Pictographic}\p{Ideographic}\p{Script=Mongolian}0-9#*])\p{Variation_Selector}/gv;

/**
 * What makes a reader see something else than is there: characters that turn the order of those around them, that take no
 * place, that a terminal obeys, that hide what they annotate; and marks piled up over their neighbours.
 *
 * @see https://www.unicode.org/reports/tr9/#Bidirectional_Character_Types
 * @see https://www.unicode.org/reports/tr39/#Optional_Detection
 */
const DECEIVING =
  /[[\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\p{Cc}\uFFF9-\uFFFB]--[\t\n\r]]|[\p{Mn}\p{Me}]{5}/v;

/**
 * Whether a text shows what it says. Whoever decides on an access decides by what its reason looks like, and right-to-left
 * letters need none of what is refused: their order is their own.
 */
export function isPlainText(text: string): boolean {
  return text.isWellFormed() && !DECEIVING.test(text.replaceAll(NEEDED, ''));
}
