export const PENDING = `query PendingReviews($first: Int!, $after: String) {
  pendingReviews(first: $first, after: $after) {
    reviews {
      openedAt
      accesses {
        origin
        index
        at
        practitionerId
        onBehalfOf
        role
        organisationId
        purpose
        reason
        operationName
        outcome
        subjects {
          childId
          released
          withheld
        }
      }
    }
    total
    hasNextPage
    endCursor
  }
}
`;

export const REVIEW = `mutation ReviewOverride($origin: String!, $index: String!, $outcome: OverrideOutcome!, $note: String!) {
  reviewOverride(origin: $origin, index: $index, outcome: $outcome, note: $note) {
    origin
    index
    practitionerId
  }
}
`;
