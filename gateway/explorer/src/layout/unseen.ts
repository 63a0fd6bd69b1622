/** What changes how the text around it looks and cannot be seen itself. Joiners and variants, which letters need, are left. */
const UNSEEN =
  /[[\p{Bidi_Control}\p{Cc}\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB]--[\t\n\r\u200C\u200D\p{Variation_Selector}]]/gv;

/** The text with each such character as its number, `⟨U+202E⟩`: an old event may hold what is refused today. */
export function revealed(text: string): string {
  return text.replaceAll(UNSEEN, (character) => {
    const number = character.codePointAt(0) ?? 0;
    return `⟨U+${number.toString(16).toUpperCase().padStart(4, '0')}⟩`;
  });
}

/** What is pasted brings them along, from a telephone's contacts or a web page. Whoever types sees what is sent. */
export function withoutUnseen(text: string): string {
  return text.replaceAll(UNSEEN, '');
}

/** First-strong isolate, and its end. */
const [ISOLATE, END] = ['\u2068', '\u2069'];

/** For a sentence of the page: whatever direction the text has, it turns nothing beside it. */
export function isolated(text: string): string {
  return `${ISOLATE}${revealed(text)}${END}`;
}
