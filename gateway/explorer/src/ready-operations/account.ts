import type { ReadyOperation } from './ready-operation.ts';

export const MY_ACCOUNT: ReadyOperation = {
  sentence: 'Your own account: what it meets, and until when.',
  query: `query MyAccount {
  me {
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
      stage
    }
  }
}
`,
};
