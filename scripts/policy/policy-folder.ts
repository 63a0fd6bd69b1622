import { relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { SEED_POLICIES } from '@contactpoint/access/policy-files';
import { loadPolicySet, type PolicySet } from '@contactpoint/access/policy-set';
import { PolicySetError } from '@contactpoint/access/policy-set-error';
import { PolicyCommandError } from './policy-command-error.ts';

/** Name by which a command takes the policies that come with the system. */
export const CURRENT = 'current';

/** @param name A folder, from the working folder, or `current`. */
export function policyFolder(name: string): URL {
  return name === CURRENT ? SEED_POLICIES : pathToFileURL(`${resolve(name)}/`);
}

/** The folder as a reader can open it from here. */
export function showFolder(folder: URL): string {
  return relative(process.cwd(), fileURLToPath(folder)) || '.';
}

/** @throws PolicyCommandError CONFIGURATION naming the set, and the file or policy that does not hold. */
export function requirePolicySet(name: string): PolicySet {
  try {
    return loadPolicySet(policyFolder(name));
  } catch (cause) {
    if (!(cause instanceof PolicySetError)) throw cause;
    throw new PolicyCommandError('CONFIGURATION', `The policies in ${name} do not load: ${cause.message}`, {
      cause,
    });
  }
}
