import type { SubmittedOperation } from '../pipeline/request.ts';

/** Levels of lists and objects within the variables; the contract's inputs have one. */
const DEEPEST = 20;

/** What a transport read of a request, as the pipeline takes it. */
export function submittedOperation({
  query = '',
  operationName,
  variables = {},
}: {
  readonly query?: string | undefined;
  readonly operationName?: string | undefined;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}): SubmittedOperation {
  const problem = problemOf(variables);
  if (problem === undefined) return { kind: 'operation', query, operationName, variables };
  const errors = [{ message: problem, extensions: { code: 'BAD_USER_INPUT' } }];
  return { kind: 'unreadable', status: 400, errors };
}

/**
 * JSON can say what no store can keep (NUL, half a surrogate pair) and nest deeper than a stack; neither reaches an
 * agency, whose answer would then be a failure of its own. Without recursion, for that reason.
 */
function problemOf(variables: Readonly<Record<string, unknown>>): string | undefined {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: variables, depth: 0 }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string' && !isText(value)) return 'A variable holds characters that are no text';
    if (typeof value !== 'object' || value === null) continue;
    if (depth > DEEPEST) return 'The variables nest too deep';
    for (const part of Object.values(value)) waiting.push({ value: part, depth: depth + 1 });
  }
  return undefined;
}

function isText(value: string): boolean {
  return !value.includes('\0') && value.isWellFormed();
}
