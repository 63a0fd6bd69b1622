import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GrantKey } from '@contactpoint/access/grant';

/** A folder of key rings as the gateway is given one. */
export interface GrantKeys {
  readonly folder: string;
  /** What a subgraph verifies with, by its name. */
  readonly keys: ReadonlyMap<string, GrantKey>;
  remove(): void;
}

export function writeGrantKeys(subgraphs: readonly string[]): GrantKeys {
  const folder = mkdtempSync(join(tmpdir(), 'contactpoint-grant-keys-'));
  const keys = new Map<string, GrantKey>();
  for (const name of subgraphs) {
    const secret = randomBytes(32);
    keys.set(name, { kid: `${name}-1`, secret });
    const ring = { keys: [{ kid: `${name}-1`, secret: secret.toString('base64url') }] };
    writeFileSync(join(folder, `${name}.json`), JSON.stringify(ring), { mode: 0o600 });
  }
  return { folder, keys, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
