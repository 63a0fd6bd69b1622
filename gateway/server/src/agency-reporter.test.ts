import type { AgencyReport } from '@contactpoint/access/agency-report';
import { Abandonment } from '@contactpoint/executor/subgraphs/abandonment';
import type { SubgraphAnswer } from '@contactpoint/executor/subgraphs/subgraph-client';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { type AgencyReporter, createAgencyReporter } from './agency-reporter.ts';
import { createAgencyTimes } from './subgraphs/agency-times.ts';

let reporter: AgencyReporter | undefined;
afterEach(() => reporter?.close());

const ANSWERED: SubgraphAnswer = { kind: 'ANSWERED', data: {}, errors: [] };
const request = { query: '{ a }', variables: {}, extensions: {} };
const endpoint = { endpoint: new URL('http://health.invalid'), timeout: 1, maxAnswerBytes: 1 };

/** An agency that takes as long as it is told, and then answers what it is told. */
function timed() {
  let now = 0;
  let next: { takes: number; answer: SubgraphAnswer } = { takes: 0, answer: ANSWERED };
  const times = createAgencyTimes(
    () => now,
    () => ({
      async ask() {
        now += next.takes;
        return next.answer;
      },
      close: async () => {},
    }),
  );
  const client = times.connect(endpoint, 'health');
  return {
    times,
    ask: (takes: number, answer = ANSWERED, abandonment?: Abandonment) => {
      next = { takes, answer };
      return client.ask(request, abandonment);
    },
  };
}

describe('createAgencyTimes', () => {
  test('counts answers by how long they took, and starts anew when it was asked', async () => {
    const { times, ask } = timed();
    for (const takes of [5, 5.1, 40, 6_000]) expect(await ask(takes)).toBe(ANSWERED);
    await ask(3, { kind: 'UNAVAILABLE' });
    expect(times.take().get('health')).toEqual({
      answered: 4,
      unanswered: 1,
      within: [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1],
    });
    expect(times.take().size).toBe(0);
  });

  test('does not hold it against an agency that a caller left', async () => {
    const { times, ask } = timed();
    const abandonment = new Abandonment();
    abandonment.abandon();
    await ask(3, { kind: 'UNAVAILABLE' }, abandonment);
    expect(times.take().size).toBe(0);
  });
});

describe('createAgencyReporter', () => {
  test('tells of every agency, also of one that was asked nothing, and goes on after a failure', async () => {
    const { times, ask } = timed();
    await ask(7);
    const reports: (readonly AgencyReport[])[] = [];
    const lines: string[] = [];
    let failures = 2;
    reporter = createAgencyReporter({
      endpoints: { health: 'http://health.invalid/graphql', education: 'http://education.invalid/graphql' },
      times,
      isWell: async (asked) => asked.includes('health'),
      report: async (agencies) => {
        reports.push(agencies);
        if (failures-- > 0) throw new Error('secret-host is away');
      },
      logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(line) }),
      interval: 5,
    });
    await expect.poll(() => reports.length).toBeGreaterThan(2);
    expect(reports[0]).toMatchObject([
      { agency: 'health', well: true, answered: 1 },
      { agency: 'education', well: false, answered: 0, within: new Array(11).fill(0) },
    ]);
    expect(reports[1]).toMatchObject([{ answered: 0 }, {}]);
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('secret-host');
  });
});
