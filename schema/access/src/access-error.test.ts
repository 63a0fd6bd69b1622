import { expect, test } from 'vitest';
import { ACCESS_ERROR_STATUS, AccessError, type AccessErrorCode } from './access-error.ts';

test.each(Object.entries(ACCESS_ERROR_STATUS))('%s answers with %i', (code, status) => {
  expect(new AccessError(code as AccessErrorCode, 'refused').status).toBe(status);
});

test('keeps its cause for the log and its extensions for the caller', () => {
  const cause = new Error('connection reset');
  const lapsed = new AccessError('ACCREDITATION_LAPSED', 'Training has lapsed', {
    cause,
    extensions: { requirement: 'TRAINING' },
  });
  expect(lapsed.cause).toBe(cause);
  expect(lapsed.extensions).toEqual({ requirement: 'TRAINING' });
  expect(new AccessError('UNAUTHENTICATED', 'No token').extensions).toEqual({});
});
