import type { Refusal } from './answer.ts';
import { argumentWords } from './argument-words.ts';
import { sentence } from './sentence.ts';

/** What a code means for whoever reads it, and what helps. `docs/front-end` lists them all. */
const WORDS: Readonly<Record<string, string>> = {
  SESSION_ENDED: 'Your session has ended. Sign in again: what you typed is still here.',
  GATEWAY_UNREACHABLE: 'The gateway cannot be reached. What you typed is still here: try again in a while.',
  UNAUTHENTICATED: 'The gateway does not take this sign-in.',
  PURPOSE_OF_USE_REQUIRED: 'Say what the access is for: choose a purpose of use.',
  ACCESS_REASON_REQUIRED: 'Say why, in words that whoever reviews the access will understand.',
  UNAUTHORIZED_FIELD_OR_TYPE: 'This may not be read or done.',
  OPERATION_TOO_COMPLEX: 'The operation asks for too much at once. Ask for fewer fields or fewer children.',
  OPERATION_NOT_STORED: 'Only stored operations are taken here.',
  RECORD_LIMIT_EXCEEDED: 'You have opened as many records as your role may for now. Try again later.',
  AUDIT_UNAVAILABLE: 'The access could not be recorded, so nothing was shown. Try again in a while.',
  ACCESS_UNDECIDED:
    'It could not be decided whether you may see this, so nothing was shown. Try again in a while.',
  SUBGRAPH_UNAVAILABLE: 'An agency did not answer. Try again in a while.',
  GRAPHQL_PARSE_FAILED: 'The operation is not GraphQL that can be read.',
  GRAPHQL_VALIDATION_FAILED: 'The operation does not fit the schema.',
  BAD_REQUEST: 'The request cannot be taken as it is.',
  INTERNAL_SERVER_ERROR: 'The gateway could not complete the request.',
};

/** By requirement of accreditation, and by reason why something may not be read. */
const MORE_WORDS: Readonly<Record<string, string>> = {
  VETTING: 'Your DBS certificate is older than three years. Your organisation records a new one.',
  TRAINING: 'Your refresher training is older than a year. Access comes back once a course is recorded.',
  AGREEMENT: 'You have not signed the user agreement.',
  DORMANT: 'Your account was not used for 90 days. An accreditation officer can restore it.',
  SUSPENDED: 'Your account is suspended. Only an accreditation officer can restore it.',
  ORGANISATION: 'Your organisation is not in service.',
  SCOPE: 'Your account lacks the permission for it.',
  POLICY: 'The policy does not give it to your role.',
  PURPOSE: 'Another purpose would be needed.',
  RELATIONSHIP: 'There is no recorded involvement with the child.',
};

/** One or two sentences, with the gateway's own where it says more than the code. Never a value: messages have none. */
export function refusalWords(refusal: Refusal): string {
  const { code, message, requirement, reason } = refusal;
  if (code === 'BAD_USER_INPUT') return argumentWords(refusal);
  const more = MORE_WORDS[requirement ?? reason ?? ''];
  if (code === 'ACCREDITATION_LAPSED') return more ?? message;
  const words = WORDS[code];
  if (words === undefined) return sentence(message);
  if (more !== undefined) return `${words} ${more}`;
  return SAID_BY_THE_PAGE.has(code) ? words : `${words} (${message})`;
}

/** Of which the message says the same again. */
const SAID_BY_THE_PAGE: ReadonlySet<string> = new Set(['SESSION_ENDED', 'GATEWAY_UNREACHABLE']);
