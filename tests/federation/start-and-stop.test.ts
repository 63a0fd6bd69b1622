import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { fetchPersonaToken } from '@contactpoint/scripts/identity-provider/persona-token';
import { portsFrom } from '@contactpoint/scripts/system/ports';
import { readRunFile } from '@contactpoint/scripts/system/run-file';
import postgres from 'postgres';
import { request } from 'undici';
import { test as base, describe, expect } from 'vitest';
import { processesOf, StartPlace } from './start-command.ts';

const LIMIT = 120_000;

const test = base.extend<{ place: StartPlace }>({
  // biome-ignore lint/correctness/noEmptyPattern: how a fixture says that it needs no other.
  place: async ({}, use) => {
    const place = await StartPlace.find();
    await use(place);
    place.remove();
  },
});

describe.concurrent('npm start, told something that cannot be', () => {
  test.for<readonly [string, Record<string, string>, RegExp]>([
    ['a port that is none', { PORT: 'http' }, /PORT must be/],
    ['a port that leaves no room for the others', { PORT: '65530' }, /PORT must be/],
    [
      'too few children for the stock situations',
      { CONTACTPOINT_CHILDREN: '29' },
      /CONTACTPOINT_CHILDREN must be/,
    ],
    ['children that are no number', { CONTACTPOINT_CHILDREN: 'many' }, /CONTACTPOINT_CHILDREN must be/],
    ['production', { NODE_ENV: 'production' }, /NODE_ENV is production/],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgres://postgres:secret-word@127.0.0.1:1/postgres' },
      /DATABASE_URL names a database that cannot be used/,
    ],
    [
      'an audit database that is not there',
      { AUDIT_DATABASE_URL: 'postgres://postgres:secret-word@127.0.0.1:1/postgres' },
      /AUDIT_DATABASE_URL names a database that cannot be used/,
    ],
  ])(
    '%s: says so, and ends with the code of a wrong setting',
    { timeout: LIMIT },
    async ([_case, environment, sentence], { place }) => {
      const start = place.run(environment);
      expect(await start.ended, start.output).toBe(78);
      expect(start.output).toMatch(sentence);
      expect(start.output).not.toMatch(/secret-word|\n\s+at /);
      expect(await place.leftBehind()).toEqual([]);
    },
  );

  test.for([['gateway'], ['health'], ['identityProvider'], ['database']] as const)(
    'another program on the port of %s: names it, and leaves nothing behind',
    { timeout: LIMIT },
    async ([name], { place }) => {
      const port = portsFrom(place.port)[name];
      const stranger = await listenOn(port);
      try {
        const start = place.run();
        expect(await start.ended).toBe(70);
        expect(start.output).toContain(String(port));
        expect(start.output).toMatch(name === 'database' ? /PostgreSQL in/ : new RegExp(name));
        expect(processesOf(place.data)).toEqual([]);
      } finally {
        await new Promise((closed) => stranger.close(closed));
      }
      expect(await place.leftBehind()).toEqual([]);
    },
  );
});

// Which of the tests under way a poll belongs to only the test's own `expect` knows.
describe.concurrent('npm start', () => {
  test('explains itself and starts nothing', async ({ place }) => {
    const start = place.run({}, ['--help']);
    expect(await start.ended).toBe(0);
    expect(start.output).toMatch(/--port.*--children.*--data/s);
    expect(existsSync(join(place.data, 'secrets'))).toBe(false);
  });

  test.for(['PostgreSQL', 'Migrations and synthetic children', 'Subgraphs', 'Gateway'])(
    'told to stop at the step %s leaves nothing behind, and starts afterwards',
    { timeout: LIMIT },
    async (step, { place }) => {
      const start = place.run();
      await start.says(step);
      start.kill('SIGTERM');
      expect(await start.ended, start.output).toBe(0);
      expect(await place.leftBehind()).toEqual([]);

      const again = place.run();
      await again.ready();
      again.kill('SIGTERM');
      expect(await again.ended).toBe(0);
    },
  );

  test(
    'stops with npm: a signal to npm reaches what npm started',
    async ({ place, expect }) => {
      const start = place.runByNpm();
      await start.ready();
      start.kill('SIGTERM');
      await start.ended;
      await expect.poll(() => place.leftBehind(), { timeout: 20_000 }).toEqual([]);
    },
    LIMIT,
  );

  test(
    'once stopped leaves nothing behind; started again it has the same children and every event',
    async ({ place }) => {
      const first = place.run();
      await first.ready();
      const scenarios = readFileSync(join(place.data, 'scenarios.json'), 'utf8');
      const receipt = await openJoinedChild(place.port, JSON.parse(scenarios).joined);
      const refused = place.run();
      expect(await refused.ended).toBe(70);
      expect(refused.output).toContain(`already runs on ${place.data} (process ${first.pid})`);

      first.kill('SIGTERM');
      expect(await first.ended).toBe(0);
      expect(await place.leftBehind()).toEqual([]);
      expect(existsSync(join(place.data, 'run.json'))).toBe(false);

      const second = place.run();
      await second.ready();
      expect(readFileSync(join(place.data, 'scenarios.json'), 'utf8')).toBe(scenarios);
      expect(await isLogged(place.data, receipt)).toBe(true);
      const next = await openJoinedChild(place.port, JSON.parse(scenarios).joined);
      expect(next.split(' ')[0]).not.toBe(receipt.split(' ')[0]);
      second.kill('SIGINT');
      expect(await second.ended).toBe(0);
    },
    LIMIT,
  );

  test(
    'names the service that has ended, and stops the others',
    async ({ place }) => {
      const start = place.run();
      await start.ready();
      const health = processesOf(place.data).find(({ words }) => words.includes('subgraphs/health'));
      process.kill(health?.pid ?? 0, 'SIGKILL');
      expect(await start.ended).toBe(70);
      expect(start.output).toContain('health has ended');
      expect(await place.leftBehind()).toEqual([]);
    },
    LIMIT,
  );

  test(
    'killed outright lets its services end, and starts again on what it left',
    async ({ place }) => {
      const killed = place.run();
      await killed.ready();
      const receipt = await openJoinedChild(
        place.port,
        JSON.parse(readFileSync(join(place.data, 'scenarios.json'), 'utf8')).joined,
      );
      killed.kill('SIGKILL');
      await killed.ended;

      const again = place.run();
      await again.ready();
      expect(await isLogged(place.data, receipt)).toBe(true);
      const mains = processesOf(place.data).filter(({ words }) => words.includes('src/main.ts'));
      expect(mains).toHaveLength(8);
      again.kill('SIGTERM');
      expect(await again.ended).toBe(0);
      expect(await place.leftBehind()).toEqual([]);
    },
    LIMIT,
  );

  test(
    'killed outright leaves nothing running, even when nobody starts it again',
    async ({ place, expect }) => {
      const killed = place.run();
      await killed.ready();
      killed.kill('SIGKILL');
      // PostgreSQL needs a program of util-linux for that, and is found by the next start where there is none.
      const isPatient = !existsSync('/usr/bin/setpriv');
      const left = () =>
        processesOf(place.data).filter(({ words }) => !(isPatient && words.includes('postgres')));
      await expect.poll(left, { timeout: 20_000 }).toEqual([]);
    },
    LIMIT,
  );
});

/** @returns The receipt. */
async function openJoinedChild(port: number, child: string): Promise<string> {
  const token = await fetchPersonaToken(
    `http://127.0.0.1:${portsFrom(port).identityProvider}`,
    'social-worker',
  );
  const answer = await request(`http://127.0.0.1:${port}/graphql`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'access-purpose': 'S47',
      'access-reason': 'Enquiry opened this morning',
    },
    body: JSON.stringify({ query: 'query($id: ID!) { child(id: $id) { id } }', variables: { id: child } }),
  });
  expect(await answer.body.json()).toEqual({ data: { child: { id: child } } });
  return String(answer.headers['access-log']);
}

async function isLogged(data: string, receipt: string): Promise<boolean> {
  const [origin = '', index = ''] = receipt.split(' ');
  const sql = postgres(readRunFile(data)?.audit.readerUrl ?? '', { max: 1 });
  const rows = await sql`select 1 from leaf where origin = ${origin} and index = ${index}`;
  await sql.end();
  return rows.length === 1;
}

/** Says that it is well, as a subgraph would. */
async function listenOn(port: number): Promise<Server> {
  const server = createServer((_request, response) => response.end('{"status":"ok"}'));
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return server;
}
