import { eventDigest } from '@contactpoint/access/grant';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { type AlertRunner, createAlertRunner } from './alert-runner.ts';
import { createOwedEvents } from './pipeline/owed-events.ts';
import type { ComparedDay, ComparisonQuestion, OwedDay } from './subgraphs/alert-comparisons.ts';
import { memoryLog } from './testing/pipeline.ts';

const DAY: OwedDay = { practitionerId: 'p', organisationId: 'o', day: '2026-11-20', children: ['A', 'B'] };
const READER = { familyNames: ['f'], persons: [], colleagues: [], authorities: [] };
const CHILD = {
  ...{ child: 'c', familyNames: ['f'], carers: [], authority: null, address: null, household: 0 },
  ...{ related: false, given: false },
};

let runner: AlertRunner | undefined;
afterEach(() => runner?.close());

/** The three subgraphs in memory; `fails` says which of them throws, as often as it stands there. */
function world({ owed = [DAY], fails = [] as string[] } = {}) {
  const log = memoryLog();
  const owes = createOwedEvents(log);
  const open = { now: true };
  const steps: string[] = [];
  const lines: string[] = [];
  const questions: ComparisonQuestion[] = [];
  const brought: ComparedDay[] = [];
  const left = [...owed];
  const step = async (what: string) => {
    const broken = fails.indexOf(what);
    steps.push(what);
    if (broken < 0) return;
    fails.splice(broken, 1);
    throw new Error('secret-host is away');
  };
  const ask = async (what: string, question: ComparisonQuestion) => {
    questions.push(question);
    question.onGrant(`jti-${what}`);
    await step(what);
  };
  runner = createAlertRunner({
    comparisons: {
      async owed() {
        await step('owed');
        return left.slice(0, 1);
      },
      async readers(days, question) {
        await ask('readers', question);
        return days.map(() => READER);
      },
      async children(days, question) {
        await ask('children', question);
        return days.map(() => ({ A: CHILD }));
      },
      async compared(days) {
        await step(`compared, ${log.events.length} on record`);
        brought.push(...days);
        left.shift();
      },
    },
    log,
    ...{ owed: owes, recordable: () => open.now },
    events: { instance: 'gateway-1', supergraph: 'supergraph' },
    now: () => new Date('2026-11-20T10:00:00.000Z'),
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
    interval: 2,
  });
  return { log, owes, open, steps, lines, questions, brought };
}

const OWED_ONCE = ['owed', 'readers', 'children', 'compared, 1 on record', 'owed'];

describe('createAlertRunner', () => {
  test('asks both under one event and key, records it, and only then says what came of it', async () => {
    const { log, steps, questions, brought } = world();
    await expect.poll(() => steps.slice(0, 5)).toEqual(OWED_ONCE);
    const [one, other] = questions;
    expect(one?.key).toMatch(/^[\w-]{43}$/);
    expect(one?.key).toBe(other?.key);
    expect(one?.evt).toBe(eventDigest(Buffer.from(log.events[0]?.nonce ?? '', 'hex')));
    expect(log.events).toMatchObject([
      {
        ...{ kind: 'access', practitioner: 'gateway', role: 'gateway', purpose: 'AUD', outcome: 'RELEASED' },
        ...{ operation: { name: 'CompareForAlerts' }, jtis: ['jti-readers', 'jti-children'], subjects: [] },
      },
    ]);
    expect(brought[0]?.children).toMatchObject([
      { childId: 'A', known: true, ownFamily: true },
      { childId: 'B', known: false, ownFamily: false },
    ]);
    expect(JSON.stringify(brought)).not.toContain('"f"');
  });

  test('asks under another key each time', async () => {
    const { questions, brought } = world({ owed: [DAY, { ...DAY, day: '2026-11-21' }] });
    await expect.poll(() => brought.length).toBe(2);
    expect(questions[2]?.key).not.toBe(questions[0]?.key);
    expect(questions[2]?.evt).not.toBe(questions[0]?.evt);
  });

  test.each(['owed', 'readers', 'children', 'compared, 1 on record'])(
    'makes up for what failed at "%s"',
    async (step) => {
      const { brought, lines, log } = world({ fails: [step] });
      await expect.poll(() => brought.length).toBe(1);
      expect(lines.join('')).not.toContain('secret-host');
      expect(lines).toHaveLength(1);
      if (step === 'readers' || step === 'children')
        expect(log.events[0]).toMatchObject({ outcome: 'REFUSED', jtis: ['jti-readers', 'jti-children'] });
    },
  );

  test('gives nothing on while the log does not take it', async () => {
    const { log, owes, steps, brought } = world();
    log.failing = true;
    await expect.poll(() => steps.filter((step) => step === 'children').length).toBeGreaterThan(1);
    expect(brought).toEqual([]);
    log.failing = false;
    await expect.poll(() => brought.length).toBe(1);
    // The agencies have journaled what was asked in vain as well.
    await owes.settle();
    expect(log.events.filter(({ outcome }) => outcome === 'REFUSED').length).toBeGreaterThan(1);
  });

  test('asks nobody while the log is known to take nothing', async () => {
    const { open, steps, brought } = world();
    open.now = false;
    await new Promise((later) => setTimeout(later, 50));
    expect(steps).toEqual([]);
    open.now = true;
    await expect.poll(() => brought.length).toBe(1);
  });

  test('records nothing where nothing is owed', async () => {
    const { log, steps } = world({ owed: [] });
    await expect.poll(() => steps.length).toBeGreaterThan(2);
    expect(log.events).toEqual([]);
    expect(new Set(steps)).toEqual(new Set(['owed']));
  });
});
