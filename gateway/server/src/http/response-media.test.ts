import { expect, test } from 'vitest';
import { responseMedia } from './response-media.ts';

const JSON_MEDIA = 'application/json';
const GRAPHQL = 'application/graphql-response+json';

test.each([
  [undefined, JSON_MEDIA],
  ['', JSON_MEDIA],
  ['*/*', JSON_MEDIA],
  ['application/*', JSON_MEDIA],
  [JSON_MEDIA, JSON_MEDIA],
  [GRAPHQL, GRAPHQL],
  ['Application/GraphQL-Response+JSON; charset=utf-8', GRAPHQL],
  [`${GRAPHQL}, ${JSON_MEDIA}`, GRAPHQL],
  [`${JSON_MEDIA}, ${GRAPHQL}`, JSON_MEDIA],
  [`${JSON_MEDIA};q=0.9, ${GRAPHQL}`, GRAPHQL],
  [`${GRAPHQL};q=0.1, ${JSON_MEDIA};q=0.2`, JSON_MEDIA],
  [`${GRAPHQL}, */*;q=0.5`, GRAPHQL],
  [`${JSON_MEDIA};q=0, */*`, GRAPHQL],
  ['text/html, application/xhtml+xml, */*;q=0.8', JSON_MEDIA],
  ['text/event-stream', JSON_MEDIA],
  ['text/*', JSON_MEDIA],
  [`${JSON_MEDIA};q=0`, JSON_MEDIA],
  [`${JSON_MEDIA};q=canary`, JSON_MEDIA],
])('to %s the answer is %s', (accept, media) => {
  expect(responseMedia(accept)).toBe(media);
  // From memory.
  expect(responseMedia(accept)).toBe(media);
});
