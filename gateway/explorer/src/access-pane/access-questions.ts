/** What an auditor asks of the event behind an answer. */
export const EVENTS_OF = `query EventsOf($practitionerId: ID!) {
  accessEvents(filter: { practitionerId: $practitionerId }, first: 50) {
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
