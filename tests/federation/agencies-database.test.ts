import { join } from 'node:path';
import { type Cluster, startCluster } from '@contactpoint/scripts/postgres/embedded-postgres';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { VIEW } from '../access/operations/joined-view.ts';
import { codeOf } from '../access/reasons.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { expectAccounted } from './import-account.ts';
import { ImportDesk } from './import-command.ts';
import { careReturn } from './import-files.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});

afterAll(async () => {
  await system?.remove();
});

const RECORD = /* GraphQL */ `
  mutation Record($childId: ID!) {
    recordInvolvement(input: { childId: $childId, service: "Assessment team", from: "2025-01-06" }) { id }
  }
`;

const view = () =>
  system.ask('social-worker', { query: VIEW, variables: { id: system.scenarios.joined }, purpose: 'S47' });
const record = () =>
  system.ask('social-worker', {
    query: RECORD,
    variables: { childId: system.scenarios.unrelated },
    purpose: 'S47',
  });

describe("with the agencies' database", () => {
  test.each([
    ['stopped', 'SIGINT'],
    ['killed', 'SIGKILL'],
  ] as const)(
    '%s in the middle of reads and writes, nobody is shown anything, and everybody is there when it is back',
    async (_case, signal) => {
      // After the restart of another test a connection that is tried for the last time may still fail.
      await expect.poll(async () => (await view()).body.data?.child, { timeout: 20_000 }).toBeTruthy();
      const whole = await view();
      const pids = [...system.services.values()].map(({ pid }) => pid);
      const answers: Answer[] = [];
      let over = false;
      const callers = Array.from({ length: 12 }, async (_, caller) => {
        while (!over) answers.push(await (caller % 2 === 0 ? record() : view()));
      });
      try {
        await expect.poll(() => answers.length, { timeout: 30_000 }).toBeGreaterThan(40);
        if (signal === 'SIGINT') await system.clusters.embedded.agencies?.stop();
        else process.kill(restarted.pid, signal);
        await expect.poll(async () => codeOf(await view()), { timeout: 30_000 }).toBe('ACCESS_UNDECIDED');
        // Told so, and not kept until the time-out of 5 s, however many ask.
        const asked = performance.now();
        await view();
        expect(performance.now() - asked).toBeLessThan(3_000);
      } finally {
        over = true;
        await Promise.all(callers);
      }

      const { status, body } = await view();
      expect(status).toBe(503);
      expect(body).not.toHaveProperty('data');
      for (const { status: of, text } of answers) expect([200, 503], text).toContain(of);
      expect(answers.every(({ text }) => !/postgres|CONNECTION_|ECONN|57P/.test(text))).toBe(true);
      expect(
        [...system.services.values()].filter(({ pid }) => !isAlive(pid)).map(({ name }) => name),
      ).toEqual([]);

      await restart();
      await expect.poll(readiness, { timeout: 20_000 }).toBe(200);
      // Connections that were being tried for the last time may still fail.
      await expect.poll(async () => (await view()).body.data, { timeout: 20_000 }).toEqual(whole.body.data);
      expect((await record()).body).toEqual({
        data: { recordInvolvement: { id: system.scenarios.unrelated } },
      });
      expect([...system.services.values()].map(({ pid }) => pid)).toEqual(pids);
    },
    120_000,
  );
});

test('an import that loses it ends with a sentence, and the same command completes it', async () => {
  const desk = new ImportDesk(system);
  const files = careReturn(100_000, 3_000).map((text) => desk.file(text));
  const children = async () => (await desk.contents('directory'))['directory.child'];
  const before = await children();
  const losing = desk.run('ssda903', '--la', '975', ...files);
  while ((await children()) === before);
  process.kill(restarted.pid, 'SIGKILL');
  const lost = await losing;
  expect(lost.output).toMatch(/was not imported to its end; the same command again completes it/);
  expect(lost.output).not.toMatch(/\n\s+at /);
  expect(lost.code).toBe(69);

  await restart();
  await expect.poll(readiness, { timeout: 20_000 }).toBe(200);
  const whole = await desk.run('ssda903', '--la', '975', ...files);
  expectAccounted(whole);
  expect(whole.report).toMatchObject({ rows: 6_000 });
  desk.remove();
}, 120_000);

let restarted: Cluster;

async function restart(): Promise<void> {
  restarted = await startCluster({
    folder: join(system.data, 'postgres'),
    port: system.ports.database,
    settings: { max_connections: '60' },
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function readiness(): Promise<number> {
  const { statusCode, body } = await request(`${system.urls.gateway}/ready`);
  await body.dump();
  return statusCode;
}
