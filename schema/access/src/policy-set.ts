import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import {
  type DetailedError,
  policySetTextToParts,
  policyToJson,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { type AccessQuestion, cedarRequest } from './access-question.ts';

/** Thrown when policies cannot be loaded: nobody is let in under rules that were not checked. */
export class PolicySetError extends Error {
  override readonly name = 'PolicySetError';
}

/** What the policies say to one question. */
export interface PolicyAnswer {
  readonly allowed: boolean;
  /** Ids of the determining policies, sorted; none where no policy permits. */
  readonly policies: readonly string[];
}

/** A policy set that parses and holds against its schema. */
export interface PolicySet {
  /** Hex SHA-256 of schema and policies, whatever files the policies are in. */
  readonly hash: string;
  /** Ids of all policies, sorted. */
  readonly ids: readonly string[];
  answer(question: AccessQuestion): PolicyAnswer;
}

/** The policies that come with the system: the matrix of who may read what. */
const SEED = new URL('./policies/', import.meta.url);

const SCHEMA_FILE = 'schema.cedarschema';

/**
 * Reads `*.cedar` and `schema.cedarschema`, and checks every policy against the schema. Cedar skips a policy that fails
 * while it is evaluated, a `forbid` too, so one that could fail must not be loaded.
 *
 * @param folder Ends with a slash.
 * @throws PolicySetError naming the policy that does not hold; also for a folder without policies.
 */
export function loadPolicySet(folder: URL = SEED): PolicySet {
  const schema = readFileSync(new URL(SCHEMA_FILE, folder), 'utf8');
  const policies = readPolicies(folder);
  const ids = [...policies.keys()].sort();
  if (ids.length === 0) throw new PolicySetError(`no policies in ${folder.pathname}`);
  check(schema, policies);

  const hash = createHash('sha256')
    .update(JSON.stringify([schema, ...ids.map((id) => [id, policies.get(id)])]))
    .digest('hex');
  // Cedar keeps what it parsed under a name for the whole process: under the hash, two sets cannot be confused.
  keep(preparseSchema(hash, schema), SCHEMA_FILE);
  keep(preparsePolicySet(hash, { staticPolicies: Object.fromEntries(policies) }), 'the policy set');
  return { hash, ids, answer: (question) => answer(hash, question) };
}

function readPolicies(folder: URL): Map<string, string> {
  const policies = new Map<string, string>();
  const files = readdirSync(folder).filter((name) => name.endsWith('.cedar'));
  for (const file of files.sort()) {
    const parts = policySetTextToParts(readFileSync(new URL(file, folder), 'utf8'));
    if (parts.type === 'failure') throw new PolicySetError(`${file}: ${sentences(parts.errors)}`);
    if (parts.policy_templates.length > 0)
      throw new PolicySetError(`${file}: a template, which nothing would link`);
    for (const text of parts.policies) {
      const id = idOf(text);
      if (id === undefined) throw new PolicySetError(`${file}: a policy without @id: ${text.slice(0, 80)}`);
      if (policies.has(id)) throw new PolicySetError(`${file}: policy ${id} is there twice`);
      policies.set(id, text);
    }
  }
  return policies;
}

function idOf(text: string): string | undefined {
  const policy = policyToJson(text);
  return policy.type === 'success' ? policy.json.annotations?.id || undefined : undefined;
}

/** Warnings count: a policy that can never apply is not what its author meant. */
function check(schema: string, policies: ReadonlyMap<string, string>): void {
  const result = validate({ schema, policies: { staticPolicies: Object.fromEntries(policies) } });
  if (result.type === 'failure') throw new PolicySetError(`${SCHEMA_FILE}: ${sentences(result.errors)}`);
  const [worst] = [...result.validationErrors, ...result.validationWarnings];
  if (worst !== undefined) throw new PolicySetError(`policy ${worst.policyId}: ${worst.error.message}`);
  const [other] = result.otherWarnings;
  if (other !== undefined) throw new PolicySetError(other.message);
}

function keep(parsed: ReturnType<typeof preparseSchema>, name: string): void {
  if (parsed.type === 'failure') throw new PolicySetError(`${name}: ${sentences(parsed.errors)}`);
}

function answer(hash: string, question: AccessQuestion): PolicyAnswer {
  const result = statefulIsAuthorized({
    ...cedarRequest(question),
    preparsedSchemaName: hash,
    preparsedPolicySetId: hash,
    // The schema is applied to the entities all the same, and the context has no other shape than cedarRequest's.
    validateRequest: false,
  });
  if (result.type === 'failure') return { allowed: false, policies: [] };
  const { decision, diagnostics } = result.response;
  // The policy that failed might have been the one that forbids.
  const allowed = decision === 'allow' && diagnostics.errors.length === 0;
  return { allowed, policies: diagnostics.reason.toSorted() };
}

function sentences(errors: readonly DetailedError[]): string {
  return errors.map(({ message }) => message).join('; ');
}
