/** The doors that lead to a child, and the mutations behind them. */
export const BY_IDENTIFIER = /* GraphQL */ `
  query ByIdentifier($system: IdentifierSystem!, $value: String!) {
    childByIdentifier(system: $system, value: $value) { id familyName localAuthority }
  }
`;

export const FIND = /* GraphQL */ `
  query Find($criteria: ChildSearch!, $first: Int) {
    findChildren(criteria: $criteria, first: $first) {
      candidates { score child { id familyName localAuthority involvements { id } } }
    }
  }
`;

export const CASELOAD = /* GraphQL */ `
  query Caseload($first: Int, $after: String) {
    myCaseload(first: $first, after: $after) {
      children { id familyName localAuthority involvements { id } }
      endCursor
      hasNextPage
    }
  }
`;

export const PLACE = /* GraphQL */ `
  query Place($id: ID!) {
    child(id: $id) {
      id
      familyName
      localAuthority
      nhsNumber
      involvements { id service brokered }
      registeredPractice { odsCode }
    }
  }
`;

/** The caller's own entries, of which no list of a child's involvements tells. */
export const OWN = /* GraphQL */ `
  query Own($id: ID!) { child(id: $id) { ownInvolvements { id service from to } } }
`;

export const RECORD = /* GraphQL */ `
  mutation Record($input: RecordInvolvementInput!) {
    recordInvolvement(input: $input) { id familyName localAuthority registeredPractice { odsCode } }
  }
`;

export const END = /* GraphQL */ `
  mutation End($childId: ID!, $id: ID!, $endedOn: Date!) {
    endInvolvement(childId: $childId, id: $id, endedOn: $endedOn) { id }
  }
`;

export const SHIELD = /* GraphQL */ `
  mutation Shield($id: ID!, $reason: String!) { shieldChild(id: $id, reason: $reason) { id } }
`;

export const UNSHIELD = /* GraphQL */ `
  mutation Unshield($id: ID!, $reason: String!) { unshieldChild(id: $id, reason: $reason) { id } }
`;
