import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NOW, principalOf } from '../testing/personas.ts';
import type { PipelineRequest } from './request.ts';
import { type EventContext, eventOf, startTrail } from './trail.ts';

const context: EventContext = {
  instance: 'gateway-1',
  policySet: 'p',
  supergraph: 's',
  digestKey: { kid: 'd1', secret: new Uint8Array(32) },
};

/** Whatever bytes come, lone surrogates and nothing at all included. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 1_000 }),
  fc.constant('\ud800'),
  fc.constant(''),
);
const perhaps = fc.option(text, { nil: undefined });

const request: fc.Arbitrary<PipelineRequest> = fc.record({
  headers: fc.record({
    authorization: perhaps,
    purpose: perhaps,
    reason: perhaps,
    override: perhaps,
    onBehalfOf: perhaps,
  }),
  source: text,
  client: perhaps,
  operation: fc.oneof(
    fc.record({
      kind: fc.constant('operation' as const),
      query: text,
      operationName: perhaps,
      variables: fc.dictionary(text, fc.jsonValue() as fc.Arbitrary<unknown>),
    }),
    fc.constant({ kind: 'unreadable' as const, status: 400, errors: [] }),
  ),
});

test('whatever a request holds, and however far it came, its event can be read again', () => {
  fc.assert(
    fc.property(
      request,
      fc.record({
        practitionerId: perhaps,
        mediatorId: perhaps,
        clientId: perhaps,
        principal: fc.constantFrom(undefined, principalOf('social-worker')),
        decided: fc.boolean(),
        overrideWindows: fc.constantFrom([], ['a'.repeat(64)]),
        intentIndex: fc.constantFrom(undefined, 0n, 2n ** 53n),
      }),
      fc.constantFrom('access' as const, 'intent' as const, 'outcome' as const),
      fc.constantFrom('RELEASED' as const, 'PARTIAL' as const, 'REFUSED' as const),
      fc.option(fc.record({ code: text, detail: text }), { nil: undefined }),
      (asked, known, kind, outcome, refusal) => {
        const trail = startTrail(asked, NOW);
        const given = Object.entries(known).filter(([, value]) => value !== undefined);
        Object.assign(trail, Object.fromEntries(given));
        const end = { kind, outcome, subjects: [], ...(refusal === undefined ? {} : { refusal }) };
        for (const leaf of encodeAccessEvent(eventOf(trail, context, end))) {
          expect(decodeAccessEvent(leaf)).toMatchObject({ kind, outcome, part: 1, parts: 1 });
        }
      },
    ),
    { numRuns: 300 },
  );
});
