import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPlainText } from './plain-text.ts';

describe('isPlainText', () => {
  test.each([
    ['plain English', 'Strategy meeting, ref. 12/b – “urgent”'],
    ['Welsh', 'Ymweliad â’r ysgol, Llanfair Caereinion'],
    ['accents written apart', 'Re\u0301union chez Zoe\u0308'],
    ['Arabic', 'طلب مراجعة لحالة محمد بن عبد الله'],
    ['vowelled Arabic', 'مُحَمَّدٌ'],
    ['Hebrew, and digits', 'פגישה בנושא יעל כהן, 12 34'],
    ['pointed Hebrew', 'בְּרֵאשִׁית'],
    ['right-to-left within left-to-right', 'Called Mrs כהן about the visit'],
    ['Persian, whose words hold a non-joiner', 'می\u200cخواهم'],
    ['Sinhala, whose letters hold a joiner', 'ශ්\u200dරී ලංකා'],
    ['Hindi with a joiner', 'क्\u200dष'],
    ['Chinese', '緊急の保護のための確認作業'],
    ['a name with a variant of a kanji', '葛\u{e0100}城'],
    ['emoji of several', 'Family 👨\u200d👩\u200d👧 seen ❤\ufe0f\u200d🩹 1\ufe0f\u20e3'],
    ['lines and tabs', 'First line\r\n\tsecond line'],
  ])('takes %s', (_case, text) => {
    expect(isPlainText(text)).toBe(true);
  });

  test.each([
    ['an override to the right', 'Asked by \u202erehtom eht\u202c'],
    ['an override to the left', '\u202dabc'],
    ['embeddings', '\u202babc\u202c'],
    ['isolates', 'a\u2067b\u2069'],
    ['the end of an isolate alone, which ends the reader’s', 'abc\u2069'],
    ['a mark that turns digits', 'on \u200f11 12'],
    ['an Arabic letter mark', 'on \u061c11 12'],
    ['a zero-width space', 'not\u200b justified'],
    ['a soft hyphen', 'un\u00adjustified'],
    ['a word joiner', 'a\u2060b'],
    ['a byte order mark', '\ufeffabc'],
    ['tag characters', `abc${String.fromCodePoint(0xe0041, 0xe0042)}`],
    ['hidden bytes in variation selectors', `😀${'\ufe00\u{e0110}'.repeat(3)}`],
    ['a selector after a letter', 'a\ufe0f'],
    ['a joiner between Latin letters', 'un\u200djustified'],
    ['a joiner that joins nothing', 'می\u200c'],
    ['Hangul fillers', 'a\u3164b'],
    ['an annotation', '\ufff9seen\ufffahidden\ufffb'],
    ['what a terminal obeys', 'abc\u001b[2Kdef'],
    ['a control beyond ASCII', 'abc\u009b2Kdef'],
    ['a null', 'abc\0def'],
    ['half a character', 'abc\ud800'],
    ['marks piled up', `a${'\u0335'.repeat(8)}bc`],
  ])('refuses %s', (_case, text) => {
    expect(isPlainText(text)).toBe(false);
  });

  test('whatever stands around it, a character that turns others is found', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(...'\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'),
        fc.string({ unit: 'grapheme' }),
        (before, turning, after) => !isPlainText(before + turning + after),
      ),
    );
  });
});
