import { type ChildProcess, spawn } from 'node:child_process';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../free-port.ts';
import { startExecutorServer } from './executor-server.ts';

/**
 * A checkout of github.com/graphql-hive/federation-gateway-audit with its dependencies installed. Its subgraphs run as they
 * stand there, and it says what to ask and to expect; nothing of it is in this repository.
 */
const checkout = process.env['FEDERATION_AUDIT'];
if (checkout === undefined) {
  console.warn(
    '\n  !! LEFT OUT: the public suite of federation gateways. FEDERATION_AUDIT names no checkout of it.\n',
  );
}

/** Cases of the suite, as of June 2026. */
const CASES = 199;

interface Case {
  readonly query: string;
  /** Errors count only where it says whether there are any. */
  readonly expected: { readonly data?: unknown; readonly errors?: boolean };
}

describe.skipIf(checkout === undefined)('graphql-hive/federation-gateway-audit', () => {
  let suite: ChildProcess;
  let origin: string;
  beforeAll(async () => {
    const port = await freePort();
    origin = `http://localhost:${port}`;
    const args = ['start', '--', 'serve', '--port', String(port)];
    // A group of its own: npm does not pass on what ends it.
    suite = spawn('npm', args, { cwd: checkout, stdio: 'ignore', detached: true });
    await vi.waitFor(() => fetch(`${origin}/_health`), { timeout: 120_000, interval: 500 });
  });
  afterAll(() => {
    if (suite.pid !== undefined) process.kill(-suite.pid);
  });

  const read = async (path: string) => (await fetch(`${origin}/${path}`)).text();

  test('every case passes', { timeout: 600_000 }, async () => {
    const failed: string[] = [];
    let asked = 0;
    for (const id of JSON.parse(await read('ids')) as string[]) {
      const server = await startExecutorServer(await read(`${id}/supergraph`));
      const cases = JSON.parse(await read(`${id}/tests`)) as Case[];
      for (const [index, each] of cases.entries()) {
        asked += 1;
        if (!(await passes(server.origin, each))) failed.push(`${id} ${index}`);
      }
      await server.close();
    }
    expect(failed).toEqual([]);
    expect(asked).toBe(CASES);
  });
});

/** As the suite compares. */
async function passes(origin: string, { query, expected }: Case): Promise<boolean> {
  const response = await fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  });
  const { data = null, errors } = (await response.json()) as { data?: unknown; errors?: readonly unknown[] };
  const hasErrors = expected.errors === undefined ? undefined : errors !== undefined && errors.length > 0;
  return isDeepStrictEqual([data, hasErrors], [expected.data ?? null, expected.errors]);
}
