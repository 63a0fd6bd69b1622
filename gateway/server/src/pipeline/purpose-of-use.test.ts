import { PURPOSES } from '@contactpoint/access/purpose';
import { describe, expect, test } from 'vitest';
import { readPurpose } from './purpose-of-use.ts';
import type { AccessHeaders } from './request.ts';

const reasonOf = (length: number) => 'r'.repeat(length);

function read(headers: Partial<AccessHeaders>): unknown {
  const complete: AccessHeaders = {
    authorization: undefined,
    purpose: 'S47',
    reason: reasonOf(10),
    override: undefined,
    onBehalfOf: undefined,
    ...headers,
  };
  try {
    return readPurpose(complete);
  } catch (error) {
    const { code, status } = error as { code: string; status: number };
    return `${code} ${status}`;
  }
}

describe('readPurpose', () => {
  test.each(Object.keys(PURPOSES))('takes %s', (purpose) => {
    expect(read({ purpose })).toEqual({ purpose, reason: reasonOf(10), override: false });
  });

  test.each<[string, string | undefined]>([
    ['absent', undefined],
    ['empty', ''],
    ['blank', '  '],
    ['unknown', 'TREAT'],
    ['in lower case', 's47'],
    ['two at once', 'S47, S17'],
    ['the name of what every object has', '__proto__'],
    ['another one', 'constructor'],
    ['and another', 'toString'],
  ])('refuses a purpose that is %s', (_case, purpose) => {
    expect(read({ purpose })).toBe('PURPOSE_OF_USE_REQUIRED 403');
  });

  test('takes purpose and reason without the blanks around them', () => {
    expect(read({ purpose: ' S47\t', reason: `  ${reasonOf(10)} ` })).toEqual({
      purpose: 'S47',
      reason: reasonOf(10),
      override: false,
    });
  });

  test.each([undefined, ' '])('tells a purpose that is missing (%j) from one that is unknown', (purpose) => {
    const headers = {
      authorization: undefined,
      reason: reasonOf(10),
      override: undefined,
      onBehalfOf: undefined,
    };
    expect(() => readPurpose({ ...headers, purpose })).toThrow('Say what the access is for');
    expect(() => readPurpose({ ...headers, purpose: 'TREAT' })).toThrow('not a known purpose');
  });

  test.each<[string, string | undefined, string | undefined]>([
    ['absent', undefined, undefined],
    ['too short by one', reasonOf(9), undefined],
    ['too long by one', reasonOf(501), undefined],
    ['short without the blanks around it', ` ${reasonOf(8)} `, undefined],
    ['of zero-width spaces', '\u200b'.repeat(40), undefined],
    ['of Hangul fillers, which are letters', '\u3164'.repeat(40), undefined],
    ['of blank Braille cells', '\u2800'.repeat(40), undefined],
    ['of tag characters', '\u{e0041}'.repeat(40), undefined],
    ['of full stops', '.'.repeat(40), undefined],
    ['of letters far apart', `ab${' '.repeat(40)}cd`, undefined],
    ['of one word and what cannot be seen', `checking${'\u200d'.repeat(40)}`, undefined],
    ['too short for break-glass but for what cannot be seen', `${reasonOf(19)}\u2060`, 'break-glass'],
    ['too short but for blanks before what cannot be seen', `${reasonOf(8)} \u2060 \u2060`, undefined],
    ['too short by one for break-glass', reasonOf(19), 'break-glass'],
    ['long enough, and turned around', 'Asked by \u202erehtom eht\u202c, urgent', undefined],
    ['long enough, and hides a word', `Not${'\u2060'} needed for the visit`, 'break-glass'],
    ['long enough, and obeyed by a terminal', 'Enquiry opened\u001b[1A\u001b[2K', undefined],
  ])('refuses a reason that is %s', (_case, reason, override) => {
    expect(read({ reason, override })).toBe('ACCESS_REASON_REQUIRED 403');
  });

  test.each<[string, string, string | undefined, boolean]>([
    ['as short as may be', reasonOf(10), undefined, false],
    ['as long as may be', reasonOf(500), undefined, false],
    ['as short as may be for break-glass', reasonOf(20), 'break-glass', true],
    ['for an override that is blank', reasonOf(10), ' ', false],
    ['with blanks around the override', reasonOf(20), ' break-glass ', true],
    ['of letters, half of it', 'ab.c.d.e..', undefined, false],
  ])('takes a reason %s', (_case, reason, override, overrides) => {
    expect(read({ reason, override })).toEqual({ purpose: 'S47', reason, override: overrides });
  });

  test.each([
    'S47 strategy meeting, ref 12/b',
    'Ymweliad â’r ysgol',
    '緊急の保護のための確認作業',
    'Плановая проверка',
    'طلب مراجعة لحالة الطفل',
    'Called Mrs כהן about 12/34',
    'رسیدگی می\u200cکنیم به پرونده',
  ])('takes a reason in any script: %s', (reason) => {
    expect(read({ reason })).toEqual({ purpose: 'S47', reason, override: false });
  });

  test.each(['true', 'Break-Glass', 'break-glass, break-glass', '__proto__'])(
    'refuses the override %s',
    (override) => {
      expect(read({ override, reason: reasonOf(100) })).toBe('ACCESS_REASON_REQUIRED 403');
    },
  );
});
