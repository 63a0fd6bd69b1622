/**
 * What the directory knows of one practitioner and one child, as `POST /facts` answers it. An unknown child has the
 * facts of a child to whom nobody has a relationship: the two cannot be told apart.
 */
export interface Facts {
  /** ALLOCATED comes only from social care's allocation; a self-recorded involvement gives TEAM. */
  readonly relationship: 'ALLOCATED' | 'TEAM' | 'NONE';
  readonly shielded: boolean;
  /** The practitioner's own organisation holds a record of the child in the practitioner's sector ("own" in the matrix). */
  readonly ownRecord: boolean;
}

/** What is known of a child nobody told us about: nothing that would open anything. */
export const NO_FACTS: Facts = { relationship: 'NONE', shielded: false, ownRecord: false };

/** One caller's part of `POST /facts`, whose body is `{ requests: FactsRequest[] }`. */
export interface FactsRequest {
  readonly practitionerId: string;
  readonly organisationId: string;
  /** ContactPoint numbers, at most 500. */
  readonly children: readonly string[];
  /** Grant whose `body` is `factsDigest` of the three above; a request without a valid one is answered null. */
  readonly accessGrant: string;
}

/** `{ answers: [...] }`, in the order of the requests: facts by ContactPoint number, or null where the grant did not hold. */
export interface FactsResponse {
  readonly answers: readonly (Readonly<Record<string, Facts>> | null)[];
}
