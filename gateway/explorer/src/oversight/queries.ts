/** What stands behind each figure, as it is asked and as the reader gets it to go on from. */

export const ACCESSES_BY_DAY = `query AccessesByDay($from: Date!, $to: Date!, $after: String) {
  accessFigures(from: $from, to: $to, by: [DAY, PURPOSE], first: 1200, after: $after) {
    countedTo
    figures {
      day
      purpose
      accesses
    }
    hasNextPage
    endCursor
  }
}
`;

export const ACCESSES_BY_ORGANISATION = `query AccessesByOrganisation($from: Date!, $to: Date!, $after: String) {
  accessFigures(from: $from, to: $to, by: [ORGANISATION, PURPOSE], first: 1200, after: $after) {
    figures {
      organisationId
      purpose
      accesses
    }
    hasNextPage
    endCursor
  }
}
`;

export const WITHHELD = `query Withheld($from: Date!, $to: Date!) {
  withheldFigures(from: $from, to: $to) {
    figures {
      reason
      requests
    }
  }
}
`;

export const AGENCIES = `query Agencies {
  agencies {
    name
    state
    halfWithin
    mostWithin
    unansweredPercent
    reportedAt
  }
}
`;

export const ORGANISATIONS = `query Organisations($first: Int!, $after: String, $withinDays: Int) {
  organisations(first: $first, after: $after) {
    organisations {
      id
      name
      stage
      userQuota
      grantedUsers
      activeUsers
      dormantUsers
      lapsingUsers(withinDays: $withinDays)
    }
    total
    hasNextPage
    endCursor
  }
}
`;

export const NAMES = `query OrganisationNames($after: String) {
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

export const ALERTS = `query AlertsToReview($first: Int!, $after: String) {
  alerts(first: $first, after: $after) {
    alerts {
      id
      rule
      at
      practitionerId
      organisationId
      note
    }
    total
    hasNextPage
    endCursor
  }
}
`;
