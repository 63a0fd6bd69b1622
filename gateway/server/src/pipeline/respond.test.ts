import { expect, test } from 'vitest';
import { pipelineInTest, requestFor, VIEW } from '../testing/pipeline.ts';
import type { respond } from './respond.ts';

test('nothing is answered without proof that it was recorded or counted', () => {
  const proofs: Parameters<typeof respond>[0][] = [
    // @ts-expect-error: a word is no proof
    'counted',
    // @ts-expect-error: nor is what anybody can make
    {},
  ];
  expect(proofs).toHaveLength(2);
});

test('who was never known is told no place in the log', async () => {
  const { pipeline } = pipelineInTest();
  const { status, headers } = await pipeline(requestFor(VIEW, { headers: { authorization: undefined } }));
  expect([status, headers]).toEqual([401, { 'cache-control': 'no-store' }]);
});
