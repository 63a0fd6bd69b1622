import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything that a build is made of: the explorer, what it imports of ours, and which libraries. */
const MADE_OF = [
  'gateway/explorer',
  'gateway/audit-verifier/src',
  'gateway/audit-log/src',
  'package-lock.json',
];

const LEFT_OUT = /(^|\/)(dist|node_modules)(\/|$)|\.test\.ts$|\/\.turbo\//;

/** Name of the build that the sources as they are now would give. */
export function buildName(): string {
  const hash = createHash('sha256');
  for (const file of MADE_OF.flatMap(filesOf)) {
    hash.update(`${file}\0`);
    hash.update(readFileSync(join(REPOSITORY, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

function filesOf(path: string): readonly string[] {
  if (path.includes('.json')) return [path];
  return readdirSync(join(REPOSITORY, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(REPOSITORY.length))
    .filter((file) => !LEFT_OUT.test(file))
    .sort();
}
