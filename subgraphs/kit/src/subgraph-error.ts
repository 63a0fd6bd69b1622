/** What a resolver may say to the caller; every other error is masked as INTERNAL_SERVER_ERROR. */
export type SubgraphErrorCode = 'BAD_USER_INPUT' | 'UNAUTHORIZED_FIELD_OR_TYPE';

/** `extensions` beside the code: `{ reason: 'SCOPE' }`. Never a value of a record. */
export type SubgraphErrorExtensions = Readonly<Record<string, string | number | boolean>>;

/** Thrown by a resolver on purpose. Code, message and extensions reach the caller as they are. */
export class SubgraphError extends Error {
  override readonly name = 'SubgraphError';
  readonly code: SubgraphErrorCode;
  readonly extensions: SubgraphErrorExtensions;

  /**
   * @param message For people; names no child and no value.
   * @param extensions For UNAUTHORIZED_FIELD_OR_TYPE the `reason`: SCOPE, POLICY, PURPOSE or RELATIONSHIP.
   */
  constructor(code: SubgraphErrorCode, message: string, extensions: SubgraphErrorExtensions = {}) {
    super(message);
    this.code = code;
    this.extensions = extensions;
  }
}
