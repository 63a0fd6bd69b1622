import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { leafOf } from '../access/access-log.ts';
import { type SecondGateway, startSecondGateway } from '../access/second-gateway.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';

let system: TestSystem;
let gateway: SecondGateway;

/** A gateway that runs small plans only, on a supergraph in which no way leads to what health holds of a child. */
beforeAll(async () => {
  system = await startTestSystem();
  const whole = readFileSync(join(system.data, 'supergraph.graphql'), 'utf8');
  const type = /^type Child[^{]*\{/m.exec(whole)?.[0] ?? '';
  const unreachable = type.replace('graph: HEALTH, key: "id"', '$&, resolvable: false');
  expect(unreachable).not.toBe(type);
  const supergraph = join(system.data, 'unreachable.graphql');
  writeFileSync(supergraph, whole.replace(type, unreachable));
  gateway = await startSecondGateway(system, { SUPERGRAPH_FILE: supergraph, PLAN_FETCHES: '2' });
});
afterAll(async () => {
  await gateway?.stop();
  await system?.remove();
});

const ask = (fields: string) =>
  gateway.ask('social-worker', {
    query: `query Asked($id: ID!) { child(id: $id) { ${fields} } }`,
    variables: { id: system.scenarios.joined },
    purpose: 'S47',
  });

test('a plan within the limit is run', async () => {
  const { status, body } = await ask('familyName attendance { academicYear }');
  expect([status, body.errors, body.data.child.attendance]).toEqual([200, undefined, expect.any(Array)]);
});

test('a plan beyond it is refused, and on record', async () => {
  const answer = await ask('familyName attendance { academicYear } socialCare { status }');
  expect(answer.status).toBe(400);
  expect(answer.body).toEqual({
    errors: [
      {
        message: expect.stringContaining('planFetches'),
        extensions: { code: 'OPERATION_TOO_COMPLEX', limit: 'planFetches' },
      },
    ],
  });
  expect((await leafOf(system, answer)).event).toMatchObject({
    outcome: 'REFUSED',
    refusal: { code: 'OPERATION_TOO_COMPLEX', detail: 'planFetches' },
  });
});

test('what no plan leads to is said to be so each time, on record, and told to the operator', async () => {
  for (const time of ['first', 'second']) {
    const answer = await ask('familyName missedAppointments { on }');
    const [error] = answer.body.errors ?? [];
    expect([time, answer.status, answer.body.data]).toEqual([time, 501, undefined]);
    expect(error?.extensions).toEqual({
      code: 'OPERATION_NOT_PLANNABLE',
      correlationId: expect.any(String),
    });
    const correlationId = String(error?.extensions?.['correlationId']);
    expect((await leafOf(system, answer)).event).toMatchObject({
      outcome: 'REFUSED',
      refusal: { code: 'OPERATION_NOT_PLANNABLE', detail: correlationId },
      operation: { name: 'Asked' },
    });
    const log = readFileSync(join(system.data, 'logs', 'gateway-2.log'), 'utf8');
    const line = log.split('\n').find((each) => each.includes(correlationId));
    expect(line).toContain('"code":"NO_PLAN"');
  }
});
