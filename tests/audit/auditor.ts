import type { Answer, TestSystem } from '../running-system.ts';

const STATEMENT = /* GraphQL */ `
  query Statement($childId: ID!, $from: Date, $to: Date) {
    accessStatement(childId: $childId, from: $from, to: $to) {
      childId
      childIds
      from
      to
      events {
        origin
        index
        at
        practitionerId
        role
        organisationId
        purpose
        onBehalfOf
        breakGlass
        operationName
        outcome
        subjects { childId released withheld categories }
      }
      checkpoint { origin size rootHash signedNote at }
    }
  }
`;

const HOLD = 'id childId reference practitionerId organisationId from to endsOn placedBy endedBy inForce';
const PLACE = `mutation PlaceHold($hold: LawfulHoldInput!) { placeLawfulHold(hold: $hold) { ${HOLD} } }`;
const END = `mutation EndHold($childId: ID!, $id: ID!) { endLawfulHold(childId: $childId, id: $id) { ${HOLD} } }`;

/** What persona `auditor`, or another one in their place, asks through the gateway. */
export function auditorOf(system: TestSystem) {
  return {
    statement: (childId: string, days: object = {}, persona = 'auditor'): Promise<Answer> =>
      system.ask(persona, { query: STATEMENT, variables: { childId, ...days } }),
    placeHold: (childId: string, terms: object = {}, persona = 'auditor'): Promise<Answer> =>
      system.ask(persona, {
        query: PLACE,
        variables: { hold: { childId, reference: 'High Court order 2026/17', ...terms } },
      }),
    endHold: (childId: string, id: string, persona = 'auditor'): Promise<Answer> =>
      system.ask(persona, { query: END, variables: { childId, id } }),
  };
}

/** Practitioners of a statement's events, newest first. */
export function readersIn({ body }: Answer): readonly string[] {
  return body.data.accessStatement.events.map((event: { practitionerId: string }) => event.practitionerId);
}
