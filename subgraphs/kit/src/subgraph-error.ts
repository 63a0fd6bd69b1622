/** What a resolver may say to the caller; every other error is masked as INTERNAL_SERVER_ERROR. */
export type SubgraphErrorCode = 'BAD_USER_INPUT' | 'UNAUTHORIZED_FIELD_OR_TYPE';

/**
 * What is wrong with an argument. The gateway says it in words of its own, and knows no other.
 *
 * UNKNOWN: nothing has that name. LENGTH, FORM, CHARACTERS: of a text. RANGE: beyond what may be asked for. ORDER: it ends
 * before it begins. FUTURE, OUTDATED: of a day. FULL: no place is left. DUPLICATE: it is there already. STATE: what it names
 * is in no state for it. UNFIT: it does not go with the other arguments.
 */
export const ARGUMENT_PROBLEMS = [
  'UNKNOWN',
  'LENGTH',
  'FORM',
  'CHARACTERS',
  'RANGE',
  'ORDER',
  'FUTURE',
  'OUTDATED',
  'FULL',
  'DUPLICATE',
  'STATE',
  'UNFIT',
] as const;

export type ArgumentProblem = (typeof ARGUMENT_PROBLEMS)[number];

/** `extensions` beside the code: `{ reason: 'SCOPE' }`. Never a value of a record. */
export type SubgraphErrorExtensions = Readonly<Record<string, string | number | boolean>>;

/** Thrown by a resolver on purpose. Code, message and extensions reach the caller as they are. */
export class SubgraphError extends Error {
  override readonly name = 'SubgraphError';
  readonly code: SubgraphErrorCode;
  readonly extensions: SubgraphErrorExtensions;

  /**
   * @param message For people; names no child and no value.
   * @param extensions For UNAUTHORIZED_FIELD_OR_TYPE the `reason`: SCOPE, POLICY, PURPOSE or RELATIONSHIP; for
   *   BAD_USER_INPUT see `badArgument`.
   */
  constructor(code: SubgraphErrorCode, message: string, extensions: SubgraphErrorExtensions = {}) {
    super(message);
    this.code = code;
    this.extensions = extensions;
  }
}

/**
 * An argument that is not accepted.
 *
 * @param argument Its name, as the schema has it.
 * @param message For the agency's own log: the gateway passes on name and problem alone.
 */
export function badArgument(argument: string, problem: ArgumentProblem, message: string): SubgraphError {
  return new SubgraphError('BAD_USER_INPUT', message, { argument, problem });
}
