import type { ExecuteInput } from '@contactpoint/executor/execution';
import { expect, test } from 'vitest';
import { ALLOCATED, JOINED } from '../testing/personas.ts';
import { memoryLog, pipelineInTest, requestFor, VIEW } from '../testing/pipeline.ts';
import { createOwedEvents } from './owed-events.ts';

const known = { [JOINED]: ALLOCATED };
const data = { child: { familyName: 'Featherstonehaugh' } };

test('what agencies were asked is recorded once the log takes it, as a refusal, in the order in which it was asked', async () => {
  const log = memoryLog();
  const owed = createOwedEvents(log);
  const execute = async ({ hooks }: ExecuteInput) => {
    const coordinates = [{ subjectField: 'Child.familyName', coordinate: 'Child.familyName' }];
    await hooks.beforeRelease([{ id: JOINED, type: 'Child', coordinates }]);
    return { data, errors: [] };
  };
  const { pipeline } = pipelineInTest({ known, execute, parts: { log, owed } });
  log.failing = true;
  const statuses = [];
  for (const reason of ['The first of two enquiries', 'The second of two enquiries'])
    statuses.push((await pipeline(requestFor(VIEW, { headers: { reason } }))).status);
  expect(statuses).toEqual([503, 503]);

  await owed.settle();
  expect(log.events).toEqual([]);
  log.failing = false;
  await Promise.all([owed.settle(), owed.settle()]);
  await owed.settle();
  expect(log.events).toMatchObject(
    ['The first of two enquiries', 'The second of two enquiries'].map((reason) => ({
      ...{ kind: 'access', outcome: 'REFUSED', refusal: { code: 'AUDIT_UNAVAILABLE' }, reason },
      jtis: ['principal-jti', 'facts-jti'],
      subjects: [{ child: JOINED, released: [], withheld: ['Child.familyName'] }],
    })),
  );
});

test('of whom no agency was asked nothing is owed', async () => {
  const log = memoryLog();
  const owed = createOwedEvents(log);
  const { pipeline } = pipelineInTest({ parts: { log, owed } });
  log.failing = true;
  await pipeline(requestFor(VIEW, { headers: { authorization: undefined } }));
  log.failing = false;
  await owed.settle();
  expect(log.events).toEqual([]);
});

test('a log that is known to take nothing is not read for, and nobody is asked', async () => {
  const { pipeline, executed, log, used } = pipelineInTest({ known, parts: { recordable: () => false } });
  const { status, body } = await pipeline(requestFor(VIEW));
  expect([status, body.errors?.[0]?.extensions]).toEqual([503, { code: 'AUDIT_UNAVAILABLE' }]);
  expect([executed, log.events, used]).toEqual([[], [], []]);
});
