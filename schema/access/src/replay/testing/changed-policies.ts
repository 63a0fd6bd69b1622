import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { readPolicyFiles, SEED_POLICIES } from '../../policy-files.ts';

export interface ChangedPolicies {
  /** Ends with a slash. */
  readonly folder: URL;
  remove(): void;
}

/**
 * A copy of the built-in policies with some changed.
 *
 * @param changes By policy id: the new text, or undefined to take the policy out; an id that is not there is added.
 */
export function changedPolicies(changes: Readonly<Record<string, string | undefined>>): ChangedPolicies {
  const folder = pathToFileURL(`${mkdtempSync(`${tmpdir()}/contactpoint-policies-`)}/`);
  for (const name of readdirSync(SEED_POLICIES)) {
    copyFileSync(new URL(name, SEED_POLICIES), new URL(name, folder));
  }
  const policies = readPolicyFiles(folder);
  for (const [id, text] of Object.entries(changes)) {
    const known = policies.get(id);
    if (known === undefined && text === undefined) throw new Error(`there is no policy ${id} to take out`);
    const file = new URL(known?.file ?? 'added.cedar', folder);
    const before = known === undefined ? '' : readFileSync(file, 'utf8');
    writeFileSync(file, known === undefined ? `${text}` : before.replace(known.text, text ?? ''));
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
