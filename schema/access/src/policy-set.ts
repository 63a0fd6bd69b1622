import { createHash } from 'node:crypto';
import {
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs';
import { type AccessQuestion, cedarRequest } from './access-question.ts';
import {
  type PolicyText,
  readPolicyFile,
  readPolicyFiles,
  SCHEMA_FILE,
  SEED_POLICIES,
  sentences,
} from './policy-files.ts';
import { PolicySetError } from './policy-set-error.ts';

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

/**
 * Reads `*.cedar` and `schema.cedarschema`, and checks every policy against the schema. Cedar skips a policy that fails
 * while it is evaluated, a `forbid` too, so one that could fail must not be loaded.
 *
 * @param folder Ends with a slash.
 * @throws PolicySetError naming the policy that does not hold; also for a folder without policies.
 */
export function loadPolicySet(folder: URL = SEED_POLICIES): PolicySet {
  const policies = readPolicyFiles(folder);
  const ids = [...policies.keys()].sort();
  if (ids.length === 0) throw new PolicySetError(`no policies in ${folder.pathname}`);
  const schema = readPolicyFile(folder, SCHEMA_FILE);
  check(schema, policies);

  const hash = createHash('sha256')
    .update(JSON.stringify([schema, ...ids.map((id) => [id, policies.get(id)?.text])]))
    .digest('hex');
  // Cedar keeps what it parsed under a name for the whole process: under the hash, two sets cannot be confused.
  keep(preparseSchema(hash, schema), SCHEMA_FILE);
  keep(preparsePolicySet(hash, { staticPolicies: textsOf(policies) }), 'the policy set');
  return { hash, ids, answer: (question) => answer(hash, question) };
}

function textsOf(policies: ReadonlyMap<string, PolicyText>): Record<string, string> {
  return Object.fromEntries([...policies].map(([id, { text }]) => [id, text]));
}

/** Warnings count: a policy that can never apply is not what its author meant. */
function check(schema: string, policies: ReadonlyMap<string, PolicyText>): void {
  const result = validate({ schema, policies: { staticPolicies: textsOf(policies) } });
  if (result.type === 'failure') throw new PolicySetError(`${SCHEMA_FILE}: ${sentences(result.errors)}`);
  const [worst] = [...result.validationErrors, ...result.validationWarnings];
  if (worst !== undefined) {
    const file = policies.get(worst.policyId)?.file ?? '';
    throw new PolicySetError(`${file}: policy ${worst.policyId}: ${worst.error.message}`);
  }
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
