import { readdirSync, readFileSync } from 'node:fs';
import { type DetailedError, policySetTextToParts, policyToJson } from '@cedar-policy/cedar-wasm/nodejs';
import { PolicySetError } from './policy-set-error.ts';

/** The policies that come with the system: the matrix of who may read what. */
export const SEED_POLICIES = new URL('./policies/', import.meta.url);

export const SCHEMA_FILE = 'schema.cedarschema';

/** One policy as its author wrote it. */
export interface PolicyText {
  /** Name of the file in its folder, `shield.cedar`. */
  readonly file: string;
  /** From `@id` to the semicolon, without the comments before it. */
  readonly text: string;
}

/**
 * Policies of a folder's `*.cedar`, by id. They parse; whether they hold against the schema is for `loadPolicySet`.
 *
 * @param folder Ends with a slash.
 * @throws PolicySetError naming the file that does not parse, or that holds a template or a policy without a name.
 */
export function readPolicyFiles(folder: URL = SEED_POLICIES): ReadonlyMap<string, PolicyText> {
  const policies = new Map<string, PolicyText>();
  for (const file of policyFilesOf(folder)) {
    const parts = policySetTextToParts(readPolicyFile(folder, file));
    if (parts.type === 'failure') throw new PolicySetError(`${file}: ${sentences(parts.errors)}`);
    if (parts.policy_templates.length > 0)
      throw new PolicySetError(`${file}: a template, which nothing would link`);
    for (const text of parts.policies) {
      const id = idOf(text);
      if (id === undefined) throw new PolicySetError(`${file}: a policy without @id: ${text.slice(0, 80)}`);
      if (policies.has(id)) throw new PolicySetError(`${file}: policy ${id} is there twice`);
      policies.set(id, { file, text });
    }
  }
  return policies;
}

/** @throws PolicySetError naming the file. */
export function readPolicyFile(folder: URL, file: string): string {
  try {
    return readFileSync(new URL(file, folder), 'utf8');
  } catch (cause) {
    throw new PolicySetError(`${file} cannot be read in ${folder.pathname}`, { cause });
  }
}

export function sentences(errors: readonly DetailedError[]): string {
  return errors.map(({ message }) => message).join('; ');
}

function policyFilesOf(folder: URL): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.cedar'))
      .sort();
  } catch (cause) {
    throw new PolicySetError(`${folder.pathname} is no folder that can be read`, { cause });
  }
}

function idOf(text: string): string | undefined {
  const policy = policyToJson(text);
  return policy.type === 'success' ? policy.json.annotations?.id || undefined : undefined;
}
