import type { Refusal } from './answer.ts';
import { sentence } from './sentence.ts';

/** By argument and problem, where the page can say more than the gateway, which knows no argument's meaning. */
const WORDS: Readonly<Record<string, string>> = {
  'organisationId FULL':
    'The organisation has as many users as its quota allows: no place is left until an account is suspended or the quota raised.',
  'organisationId STATE':
    'The organisation is neither in pilot nor live, so that nobody of it may have an account.',
  'organisationId UNKNOWN': 'There is no such organisation.',
  'practitionerId UNKNOWN': 'There is no such account.',
  'practitionerId STATE': 'The account is neither suspended nor dormant.',
  'practitionerId DUPLICATE': 'The account is suspended already.',
  'role UNFIT': 'The organisation has nobody in this role: choose another one.',
  'vettingCertificate DUPLICATE': 'This person has an account in the organisation already.',
  'vettingCertificate STATE': 'An account of this person is suspended: it would have to be restored.',
  'reason LENGTH': 'The reason is too short or too long.',
  'index UNKNOWN': 'The log has no such event.',
  'index STATE': 'The access was not made with break-glass.',
  'index DUPLICATE': 'The access has been reviewed already.',
  'to ORDER': 'The last day is before the first one.',
  'to RANGE': 'These are too many days at once.',
};

/** What an argument is called on the page. */
const NAMES: Readonly<Record<string, string>> = {
  name: 'The name',
  role: 'The role',
  reason: 'The reason',
  note: 'The note',
  course: 'The course',
  certificate: 'The certificate number',
  vettingCertificate: 'The certificate number',
  passedOn: 'The day of the training',
  trainingPassedOn: 'The day of the training',
  issuedOn: 'The day of the certificate',
  vettingIssuedOn: 'The day of the certificate',
  agreementSignedOn: 'The day of the signature',
};

const PROBLEMS: Readonly<Record<string, string>> = {
  LENGTH: 'is too short or too long.',
  FORM: 'is not written as it has to be.',
  CHARACTERS:
    'holds characters that cannot be seen or that turn the order of others. Write it anew, without pasting.',
  FUTURE: 'lies in the future.',
  OUTDATED: 'is too long ago: what was recorded of it has lapsed.',
  DUPLICATE: 'is before one that is recorded already.',
};

/** What is wrong with what was typed, as closely as the gateway says it. */
export function argumentWords({ argument = '', problem = '', message }: Refusal): string {
  const known = WORDS[`${argument} ${problem}`];
  if (known !== undefined) return known;
  const [name, words] = [NAMES[argument], PROBLEMS[problem]];
  if (name !== undefined && words !== undefined) return `${name} ${words}`;
  return sentence(argument === '' ? message : `${message} (${argument})`);
}
