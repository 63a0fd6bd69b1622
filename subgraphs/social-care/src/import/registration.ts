/** A child as a return brings it, under the authority's number. Shape of the directory's `IncomingIdentity`. */
export interface IncomingIdentity {
  readonly ref: string;
  /** DfE code of the local authority, `975`. */
  readonly authority: string;
  readonly localId: string;
  readonly dateOfBirth: string | null;
  readonly sex: 'MALE' | 'FEMALE' | 'INDETERMINATE' | 'UNKNOWN';
  readonly upn?: string;
  readonly ethnicity?: string;
}

/** Shape of the directory's `RegistrationResult`. */
export interface RegistrationResult {
  readonly ref: string;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'resembles-shielded' | 'contradiction';
  /** ContactPoint number, where the child was registered. */
  readonly childId?: string;
  readonly dropped: readonly ('UPN_IN_USE' | 'NHS_NUMBER_IN_USE')[];
}

/**
 * Registers children with the directory, all of them or none, and resolves when that is durable. The agency does not
 * know the directory: whoever opens both stores passes this in.
 */
export type Register = (incoming: IncomingIdentity[]) => Promise<readonly RegistrationResult[]>;
