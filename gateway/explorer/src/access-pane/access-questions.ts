/** What an auditor asks of the event behind an answer. */
export const EVENTS_OF = `query EventsOf($filter: AccessEventFilter!, $after: String) {
  accessEvents(filter: $filter, first: 50, after: $after) {
    events {
      origin
      index
      at
      practitionerId
      role
      organisationId
      purpose
      operationName
      outcome
      usedAnswer { origin index use }
      subjects { childId released withheld policies }
    }
    hasNextPage
    endCursor
  }
}`;

export const INCLUSION_PROOF = `query InclusionProof($origin: String!, $index: String!) {
  inclusionProof(origin: $origin, index: $index) {
    origin
    index
    leafHash
    path
    checkpoint { origin size rootHash signedNote at }
  }
}`;
