import { expect, test } from 'vitest';
import { isolated, revealed, withoutUnseen } from './unseen.ts';

test.each([
  ['Asked by \u202erehtom eht\u202c', 'Asked by ⟨U+202E⟩rehtom eht⟨U+202C⟩'],
  ['un\u00adseen\u200b', 'un⟨U+00AD⟩seen⟨U+200B⟩'],
  ['tags \u{e0041}', 'tags ⟨U+E0041⟩'],
  ['ends the isolate\u2069', 'ends the isolate⟨U+2069⟩'],
  ['obeyed\u001b[2K', 'obeyed⟨U+001B⟩[2K'],
])('%j is shown as %s', (text, shown) => expect(revealed(text)).toBe(shown));

test.each(['يعل كהן', 'می\u200cخواهم', '👨\u200d👩\u200d👧 ❤\ufe0f', 'two\nlines'])(
  '%j is shown as it is',
  (text) => expect(revealed(text)).toBe(text),
);

test('what is pasted with them is taken without them', () => {
  expect(withoutUnseen('Called \u202a+44 20 7946 0000\u202c\u200b about می\u200cخواهم')).toBe(
    'Called +44 20 7946 0000 about می\u200cخواهم',
  );
});

test('a text cannot leave its isolate', () => {
  expect(isolated('a\u2069\u202eb')).toBe('\u2068a⟨U+2069⟩⟨U+202E⟩b\u2069');
});
