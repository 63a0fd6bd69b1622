import type { Account } from './account.ts';
import { nameOf } from './account.ts';
import { filled, type TypedField } from './typed-fields.tsx';

/** One thing that an officer does with an account. */
export interface Change {
  readonly id: string;
  readonly verb: string;
  readonly titleOf: (account: Account) => string;
  readonly consequence: string;
  readonly field: string;
  readonly query: string;
  readonly fields: readonly TypedField[];
  readonly isFor: (account: Account) => boolean;
  readonly doneWords: (account: Account) => string;
}

const REASON: TypedField = {
  name: 'reason',
  label: 'Reason',
  hint: '10 to 500 characters. It is kept in the account’s history.',
  type: 'long',
  problemOf(value) {
    const { length } = value.trim();
    if (length >= 10 && length <= 500) return undefined;
    return `The reason has 10 to 500 characters; this one has ${length}.`;
  },
};

function mutation(field: string, types: Readonly<Record<string, string>>): string {
  const declared = Object.entries(types).map(([name, type]) => `$${name}: ${type}!`);
  const given = Object.keys(types).map((name) => `${name}: $${name}`);
  const operation = field.charAt(0).toUpperCase() + field.slice(1);
  return `mutation ${operation}(${declared.join(', ')}) {
  ${field}(${given.join(', ')}) {
    id
    status
    vettingExpiresOn
    trainingExpiresOn
  }
}
`;
}

export const CHANGES: readonly Change[] = [
  {
    id: 'suspend',
    verb: 'Suspend',
    titleOf: (account) => `Suspend ${nameOf(account)}?`,
    consequence: 'The account’s next request is refused, whatever its token says. Only restoring ends that.',
    field: 'suspendAccess',
    query: mutation('suspendAccess', { practitionerId: 'ID', reason: 'String' }),
    fields: [REASON],
    isFor: ({ status }) => status !== 'SUSPENDED',
    doneWords: (account) => `${nameOf(account)} is suspended.`,
  },
  {
    id: 'restore',
    verb: 'Restore',
    titleOf: (account) => `Restore ${nameOf(account)}?`,
    consequence: 'Ends a suspension or a dormancy, and nothing else: what has lapsed stays lapsed.',
    field: 'restoreAccess',
    query: mutation('restoreAccess', { practitionerId: 'ID', reason: 'String' }),
    fields: [REASON],
    isFor: ({ status }) => status === 'SUSPENDED' || status === 'DORMANT',
    doneWords: (account) => `${nameOf(account)} is restored.`,
  },
  {
    id: 'training',
    verb: 'Record training',
    titleOf: (account) => `Record training of ${nameOf(account)}`,
    consequence: 'Refresher training counts for twelve months from the day on which it was passed.',
    field: 'recordTraining',
    query: mutation('recordTraining', { practitionerId: 'ID', course: 'String', passedOn: 'Date' }),
    fields: [
      { name: 'course', label: 'Course', type: 'text', problemOf: filled('The course') },
      { name: 'passedOn', label: 'Passed on', type: 'date', problemOf: filled('The day') },
    ],
    isFor: () => true,
    doneWords: (account) => `Training of ${nameOf(account)} is recorded.`,
  },
  {
    id: 'vetting',
    verb: 'Record DBS',
    titleOf: (account) => `Record the DBS certificate of ${nameOf(account)}`,
    consequence: 'An enhanced DBS certificate counts for three years from the day on which it was issued.',
    field: 'recordVetting',
    query: mutation('recordVetting', { practitionerId: 'ID', certificate: 'String', issuedOn: 'Date' }),
    fields: [
      { name: 'certificate', label: 'Certificate number', type: 'text', problemOf: filled('The number') },
      { name: 'issuedOn', label: 'Issued on', type: 'date', problemOf: filled('The day') },
    ],
    isFor: () => true,
    doneWords: (account) => `The DBS certificate of ${nameOf(account)} is recorded.`,
  },
];
