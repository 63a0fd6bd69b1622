import type { ReadyOperation } from './ready-operation.ts';

export const SEARCH: ReadyOperation = {
  sentence: 'Find a child by name and date of birth, at most ten candidates.',
  query: `query FindChildren($criteria: ChildSearch!) {
  findChildren(criteria: $criteria) {
    candidates {
      score
      child {
        id
        givenNames
        familyName
        dateOfBirth
        sex
      }
    }
  }
}
`,
  variables: { criteria: { givenName: '', familyName: '', dateOfBirth: '' } },
};

export const CASELOAD: ReadyOperation = {
  sentence: 'The children you are involved with, newest first.',
  query: `query MyCaseload($after: String) {
  myCaseload(first: 20, after: $after) {
    children {
      id
      givenNames
      familyName
      dateOfBirth
      ownInvolvements {
        id
        service
        from
      }
    }
    hasNextPage
    endCursor
  }
}
`,
  variables: { after: null },
};

export const RECORD_INVOLVEMENT: ReadyOperation = {
  sentence: 'Record that you are involved with a child; your privacy officer is told.',
  query: `mutation RecordInvolvement($input: RecordInvolvementInput!) {
  recordInvolvement(input: $input) {
    id
    ownInvolvements {
      id
      service
      from
    }
  }
}
`,
  variables: { input: { childId: '', service: '', from: '' } },
};

export const END_INVOLVEMENT: ReadyOperation = {
  sentence: 'End an involvement of yours; its id stands in your caseload.',
  query: `mutation EndInvolvement($childId: ID!, $id: ID!, $endedOn: Date!) {
  endInvolvement(childId: $childId, id: $id, endedOn: $endedOn) {
    id
  }
}
`,
  variables: { childId: '', id: '', endedOn: '' },
};

export const SHIELD: ReadyOperation = {
  sentence: 'Shield a child: place and services are hidden from everybody but the allocated social worker.',
  query: `mutation ShieldChild($id: ID!, $reason: String!) {
  shieldChild(id: $id, reason: $reason) {
    id
  }
}
`,
  variables: { id: '', reason: '' },
};

export const UNSHIELD: ReadyOperation = {
  sentence: 'Lift a shield.',
  query: `mutation UnshieldChild($id: ID!, $reason: String!) {
  unshieldChild(id: $id, reason: $reason) {
    id
  }
}
`,
  variables: { id: '', reason: '' },
};
