/** Everything the contract holds on one child, so that each top-level field has something to release or withhold. */
export const VIEW = /* GraphQL */ `
  query JoinedView($id: ID!) {
    child(id: $id) {
      id
      givenNames
      familyName
      dateOfBirth
      sex
      formerNames
      ethnicity
      nhsNumber
      upn
      localAuthority
      addresses { line1 town postcode uprn from to }
      parentsAndCarers { name relationship hasParentalResponsibility phone }
      involvements { id sector service practitionerName practitionerRole phone email from to isLead brokered }
      leadProfessional { id practitionerName }
      enrolments { school { urn name } yearGroup from to leavingReason }
      attendance { academicYear sessionsPossible sessionsAttended authorisedAbsences unauthorisedAbsences persistentlyAbsent }
      suspensions { from sessions }
      senProvision
      senNeeds
      ehcPlan { issuedOn }
      electiveHomeEducation
      missingEducation
      pupilPremium
      designatedSafeguardingLead { name role organisation phone email }
      registeredPractice { odsCode name }
      healthVisitor { name }
      schoolNurse { name }
      immunisations { vaccine }
      missedAppointments { on setting }
      emergencyAttendances { on site reason }
      allergies
      conditions { name }
      sdqScore
      initialHealthAssessmentDue
      mentalHealthService { name }
      sexualHealthService { name }
      substanceMisuseService { name }
      socialCare {
        status
        allocatedWorker { name }
        team
        referrals { receivedOn source outcome }
        primaryNeed
        assessmentFactors
        section47Enquiries { startedOn }
        childProtectionPlans { startedOn initialCategory }
        legalStatus
        placements { from type postcode }
        missingEpisodes { from }
        reviews { on }
        disabilities
        convictions
        previousPermanence
      }
    }
  }
`;
