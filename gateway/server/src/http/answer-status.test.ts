import { expect, test } from 'vitest';
import { answerStatus } from './answer-status.ts';

const JSON_MEDIA = 'application/json; charset=utf-8';
const GRAPHQL_MEDIA = 'application/graphql-response+json; charset=utf-8';

test.each([
  ['who asks for application/json', 'GRAPHQL_PARSE_FAILED', 400, JSON_MEDIA, 'application/json', 200],
  ['who asks for the media type of GraphQL', 'GRAPHQL_PARSE_FAILED', 400, GRAPHQL_MEDIA, GRAPHQL_MEDIA, 400],
  ['who asks for nothing in particular', 'GRAPHQL_VALIDATION_FAILED', 400, JSON_MEDIA, undefined, 400],
  ['who sent no operation', 'BAD_REQUEST', 400, JSON_MEDIA, 'application/json', 400],
  ['who asks for too much', 'OPERATION_TOO_COMPLEX', 400, JSON_MEDIA, 'application/json', 400],
  ['who is nobody', 'UNAUTHENTICATED', 401, JSON_MEDIA, 'application/json', 401],
])('%s: %s', (_who, code, status, type, accept, expected) => {
  const response = { status, headers: {}, body: { errors: [{ message: '', extensions: { code } }] } };
  expect(answerStatus(response, type, accept)).toBe(expected);
});
