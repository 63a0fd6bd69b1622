import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../free-port.ts';

/**
 * A checkout of github.com/graphql-hive/federation-gateway-audit with its dependencies installed. Its subgraphs, its cases
 * and its own comparison run as they stand there; nothing of them is in this repository.
 */
const checkout = process.env['FEDERATION_AUDIT'];
if (checkout === undefined) {
  console.warn(
    '\n  !! LEFT OUT: the public suite of federation gateways. FEDERATION_AUDIT names no checkout of it.\n',
  );
}

/** Cases of the suite, as of June 2026. */
const CASES = 199;

describe.skipIf(checkout === undefined)('graphql-hive/federation-gateway-audit', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'contactpoint-federation-audit-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('every case passes', { timeout: 1_800_000 }, async () => {
    const [suitePort, port] = [await freePort(), await freePort()];
    const server = fileURLToPath(new URL('serve-supergraph.ts', import.meta.url));
    const script = `exec "${process.execPath}" "${server}" "http://localhost:${suitePort}/$1/supergraph" ${port}\n`;
    writeFileSync(join(folder, 'run.sh'), script);

    const origin = `http://127.0.0.1:${port}`;
    const options = ['--cwd', folder, '--run-script', './run.sh', '--port', String(suitePort)];
    const where = ['--graphql', `${origin}/graphql`, '--healthcheck', `${origin}/health`];
    await run(checkout ?? '', ['start', '--', 'test', ...options, ...where]);

    const results = readFileSync(join(folder, 'results.txt'), 'utf8');
    expect(results).toContain(`Total: ${CASES}\nPassed: ${CASES}\nFailed: 0`);
  });
});

function run(cwd: string, args: readonly string[]): Promise<void> {
  // Two noisy cores: a gateway may take longer to be there than the suite waits for it.
  const env = { ...process.env, GATEWAY_TIMEOUT: '60000' };
  const child = spawn('npm', args, { cwd, env, stdio: 'ignore' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}
