import { expect, test } from 'vitest';
import { refusalOf, withheldWhole } from './answer.ts';
import { refusalWords } from './refusal-words.ts';

test.each([
  [{ code: 'ACCREDITATION_LAPSED', message: 'm', requirement: 'TRAINING' }, /refresher training/],
  [{ code: 'ACCREDITATION_LAPSED', message: 'A requirement of tomorrow' }, /^A requirement of tomorrow$/],
  [{ code: 'UNAUTHORIZED_FIELD_OR_TYPE', message: 'm', reason: 'PURPOSE' }, /Another purpose/],
  [{ code: 'ACCESS_REASON_REQUIRED', message: 'Say why in 10 to 500 characters' }, /10 to 500 characters/],
  [{ code: 'A_CODE_OF_TOMORROW', message: 'Something new' }, /^Something new\.$/],
  [
    { code: 'BAD_USER_INPUT', message: 'm', argument: 'organisationId', problem: 'FULL' },
    /as many users as its quota allows/,
  ],
  [{ code: 'BAD_USER_INPUT', message: 'm', argument: 'to', problem: 'ORDER' }, /before the first/],
  [{ code: 'BAD_USER_INPUT', message: 'm', argument: 'course', problem: 'CHARACTERS' }, /^The course holds/],
  [{ code: 'BAD_USER_INPUT', message: 'Not taken', argument: 'other' }, /^Not taken \(other\)\.$/],
  [
    { code: 'BAD_USER_INPUT', message: 'The variable "$id" is missing' },
    /^The variable "\$id" is missing\.$/,
  ],
  [{ code: 'SESSION_ENDED', message: 'The session has ended' }, /^Your session has ended\. Sign in again/],
])('%j', (refusal, words) => expect(refusalWords(refusal)).toMatch(words));

const withheld = (path: (string | number)[]) => ({
  message: 'Unauthorized field or type',
  path,
  extensions: { code: 'UNAUTHORIZED_FIELD_OR_TYPE', reason: 'PURPOSE' },
});

test('an answer is refused where it has no data, and withheld where all that was asked for is null', () => {
  expect(refusalOf({ data: null, errors: [withheld(['child'])] })).toMatchObject({ reason: 'PURPOSE' });
  expect(refusalOf({ data: { child: null }, errors: [withheld(['child'])] })).toBeUndefined();
  expect(withheldWhole({ data: { child: null }, errors: [withheld(['child'])] })).toMatchObject({
    reason: 'PURPOSE',
  });
  expect(withheldWhole({ data: { child: {} }, errors: [withheld(['child', 'upn'])] })).toBeUndefined();
  expect(withheldWhole({ data: { child: null }, errors: [] })).toBeUndefined();
});
