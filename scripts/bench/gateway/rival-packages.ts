import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Versions that the goals name. 511 MB and 100 MB: they are brought when they are first measured, see ADR 57. */
const PACKAGES = {
  hive: { name: '@graphql-hive/gateway', version: '2.15.1', file: 'dist/bin.js' },
  grafbase: { name: '@grafbase/cli-x86_64-unknown-linux-musl', version: '0.103.0', file: 'grafbase' },
} as const;

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/contactpoint-bench', import.meta.url));

/**
 * Installs a gateway of others beside the workspace, once for each version.
 *
 * @returns Path of its program.
 * @throws Error where the registry does not give it.
 */
export async function installRival(rival: keyof typeof PACKAGES): Promise<string> {
  const { name, version, file } = PACKAGES[rival];
  const folder = join(CACHE, `${rival}-${version}`);
  const program = join(folder, 'node_modules', name, file);
  if (existsSync(program)) return program;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const words = ['install', '--no-audit', '--no-fund', '--save-exact', `${name}@${version}`];
  await promisify(execFile)('npm', words, { cwd: folder }).catch((cause: unknown) => {
    throw new Error(`${name}@${version} cannot be installed from this registry`, { cause });
  });
  return program;
}
