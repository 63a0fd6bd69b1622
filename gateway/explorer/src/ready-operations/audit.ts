import type { ReadyOperation } from './ready-operation.ts';

export const EVENTS: ReadyOperation = {
  sentence:
    'The newest events that name a child, without questions of the schema and the work of officers: take namesChild out for all. Filter also by child, practitioner, organisation, purpose, outcome or time.',
  query: `query AccessEvents($filter: AccessEventFilter!, $after: String) {
  accessEvents(filter: $filter, first: 20, after: $after) {
    events {
      origin
      index
      at
      practitionerId
      role
      organisationId
      purpose
      reason
      breakGlass
      operationName
      outcome
      subjects {
        childId
        released
        withheld
      }
    }
    hasNextPage
    endCursor
  }
}
`,
  variables: { filter: { namesChild: true }, after: null },
};

export const STATEMENT: ReadyOperation = {
  sentence: 'Everyone who saw a child, for a subject access request.',
  query: `query AccessStatement($childId: ID!) {
  accessStatement(childId: $childId) {
    childId
    childIds
    events {
      at
      organisationId
      role
      purpose
      outcome
      subjects {
        categories
      }
    }
    checkpoint {
      origin
      size
      at
    }
  }
}
`,
  variables: { childId: '' },
};

export const ALERTS: ReadyOperation = {
  sentence: 'What the rules found that somebody should look at, newest first.',
  query: `query Alerts($after: String) {
  alerts(first: 20, after: $after) {
    alerts {
      id
      rule
      at
      practitionerId
      organisationId
      note
      events {
        origin
        index
        breakGlass
      }
    }
    hasNextPage
    endCursor
  }
}
`,
  variables: { after: null },
};

export const REVIEW_OVERRIDE: ReadyOperation = {
  sentence: 'Decide on a break-glass access; UNJUSTIFIED suspends the account at once.',
  query: `mutation ReviewOverride($origin: String!, $index: String!, $outcome: OverrideOutcome!, $note: String!) {
  reviewOverride(origin: $origin, index: $index, outcome: $outcome, note: $note) {
    origin
    index
    breakGlass
    outcome
  }
}
`,
  variables: { origin: '', index: '', outcome: 'JUSTIFIED', note: '' },
};

export const CHECKPOINTS: ReadyOperation = {
  sentence: 'The newest signed checkpoint of each log.',
  query: `query Checkpoints {
  checkpoints {
    origin
    size
    rootHash
    at
    signedNote
  }
}
`,
};

export const PROOF: ReadyOperation = {
  sentence: 'The proof that one event is in the log.',
  query: `query InclusionProof($origin: String!, $index: String!) {
  inclusionProof(origin: $origin, index: $index) {
    origin
    index
    leafHash
    path
    checkpoint {
      size
      rootHash
      signedNote
    }
  }
}
`,
  variables: { origin: '', index: '' },
};
