/** Organisations to choose from. */
export const CHOICE = `query OrganisationsToReview($after: String) {
  organisations(first: 100, after: $after) {
    organisations {
      id
      name
    }
    hasNextPage
    endCursor
  }
}
`;

const ACCOUNT = `{
        id
        name
        role
        status
        lastAccessAt
        vettingExpiresOn
        trainingExpiresOn
      }`;

export const REVIEW = `query AccessReview($organisationId: ID!, $withinDays: Int) {
  organisation(id: $organisationId) {
    id
    name
    sector
    stage
    userQuota
    grantedUsers
    activeUsers
  }
  accessReview(organisationId: $organisationId, withinDays: $withinDays) {
    overQuotaBy
    dormant ${ACCOUNT}
    lapsing ${ACCOUNT}
  }
}
`;

export const ONE_ACCOUNT = `query OneAccount($id: ID!) {
  practitioner(id: $id) ${ACCOUNT}
}
`;

export const GRANT = `mutation GrantAccess($input: GrantAccessInput!) {
  grantAccess(input: $input) {
    id
    name
    role
    status
  }
}
`;
