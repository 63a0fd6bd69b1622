/** What a shield hides, and nothing that it does not: every field of these classes that stands right below the child. */
export const PLACES_AND_SERVICES = /* GraphQL */ `
  query PlacesAndServices($id: ID!) {
    child(id: $id) {
      nhsNumber
      upn
      localAuthority
      addresses { line1 town postcode uprn from to }
      involvements { id sector service practitionerName phone brokered }
      leadProfessional { id practitionerName }
      enrolments { school { urn name } yearGroup from to leavingReason }
      designatedSafeguardingLead { name organisation phone }
      registeredPractice { odsCode name }
      healthVisitor { name phone }
      schoolNurse { name phone }
    }
  }
`;

/** Places and services that lie within other records. */
export const PLACES_WITHIN = /* GraphQL */ `
  query PlacesWithin($id: ID!) {
    child(id: $id) {
      parentsAndCarers { name phone }
      missedAppointments { on setting }
      emergencyAttendances { on site }
      socialCare { status allocatedWorker { name } team placements { from provider } }
    }
  }
`;

/** Everything sealed. */
export const SEALED = /* GraphQL */ `
  query Sealed($id: ID!) {
    child(id: $id) {
      formerNames
      mentalHealthService { name organisation }
      sexualHealthService { name organisation }
      substanceMisuseService { name organisation }
      socialCare { assessmentFactors convictions previousPermanence }
    }
  }
`;

export const BROKERED = /* GraphQL */ `
  query Brokered($id: ID!) {
    child(id: $id) {
      involvements { id sector service practitionerName practitionerRole phone email from to isLead brokered }
      leadProfessional { id brokered }
    }
  }
`;
