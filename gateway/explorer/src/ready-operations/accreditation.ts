import type { ReadyOperation } from './ready-operation.ts';

export const ACCESS_REVIEW: ReadyOperation = {
  sentence: 'Accounts of an organisation to look at: dormant, lapsing soon, or beyond its quota.',
  query: `query AccessReview($organisationId: ID!, $withinDays: Int) {
  organisation(id: $organisationId) {
    id
    name
    stage
    userQuota
    grantedUsers
    activeUsers
  }
  accessReview(organisationId: $organisationId, withinDays: $withinDays) {
    overQuotaBy
    dormant {
      id
      name
      role
      lastAccessAt
    }
    lapsing {
      id
      name
      role
      status
      vettingExpiresOn
      trainingExpiresOn
    }
  }
}
`,
  variables: { organisationId: 'LA-975', withinDays: 30 },
};

export const ONE_ACCOUNT: ReadyOperation = {
  sentence: 'One account: what it meets, and until when.',
  query: `query OneAccount($id: ID!) {
  practitioner(id: $id) {
    id
    name
    role
    status
    vettingExpiresOn
    trainingExpiresOn
    agreementSignedOn
    lastAccessAt
    organisation {
      id
      name
    }
  }
}
`,
  variables: { id: '' },
};

const CHANGED = `{
    id
    name
    role
    status
    vettingExpiresOn
    trainingExpiresOn
  }`;

export const GRANT: ReadyOperation = {
  sentence: 'Grant an account to somebody who is vetted, trained and has signed the agreement.',
  query: `mutation GrantAccess($input: GrantAccessInput!) {
  grantAccess(input: $input) ${CHANGED}
}
`,
  variables: {
    input: {
      name: '',
      role: '',
      organisationId: '',
      vettingCertificate: '',
      vettingIssuedOn: '',
      trainingPassedOn: '',
      agreementSignedOn: '',
    },
  },
};

export const SUSPEND: ReadyOperation = {
  sentence: 'Suspend an account: its next request is refused.',
  query: `mutation SuspendAccess($practitionerId: ID!, $reason: String!) {
  suspendAccess(practitionerId: $practitionerId, reason: $reason) ${CHANGED}
}
`,
  variables: { practitionerId: '', reason: '' },
};

export const RESTORE: ReadyOperation = {
  sentence: 'Restore an account that is suspended or dormant.',
  query: `mutation RestoreAccess($practitionerId: ID!, $reason: String!) {
  restoreAccess(practitionerId: $practitionerId, reason: $reason) ${CHANGED}
}
`,
  variables: { practitionerId: '', reason: '' },
};

export const RECORD_TRAINING: ReadyOperation = {
  sentence: 'Record refresher training that somebody has passed.',
  query: `mutation RecordTraining($practitionerId: ID!, $course: String!, $passedOn: Date!) {
  recordTraining(practitionerId: $practitionerId, course: $course, passedOn: $passedOn) ${CHANGED}
}
`,
  variables: { practitionerId: '', course: '', passedOn: '' },
};

export const RECORD_VETTING: ReadyOperation = {
  sentence: 'Record a new enhanced DBS certificate.',
  query: `mutation RecordVetting($practitionerId: ID!, $certificate: String!, $issuedOn: Date!) {
  recordVetting(practitionerId: $practitionerId, certificate: $certificate, issuedOn: $issuedOn) ${CHANGED}
}
`,
  variables: { practitionerId: '', certificate: '', issuedOn: '' },
};
