import { createContext, useContext } from 'react';
import type { StatedAccess } from '../bar/stated-access.ts';
import { type Answer, type AnswerError, GATEWAY_UNREACHABLE, SESSION_ENDED } from './answer.ts';

export interface Operation {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  readonly operationName?: string | undefined;
  /** Takes break-glass along, where the bar has it ready. It is for one operation, and then not ready any more. */
  readonly mayBreakGlass?: boolean;
}

export type Ask = (operation: Operation) => Promise<Answer>;

export interface AskParts {
  readonly token: () => string | undefined;
  readonly access: () => StatedAccess;
  /** Break-glass went with an operation, and may have opened a record. */
  readonly onBrokenGlass: () => void;
  /** The gateway takes the token no more. */
  readonly onUnauthenticated: () => void;
}

/** The only way from this page to the gateway's records: nothing else of it sends to `/graphql`. */
export function createAsk({ token, access, onBrokenGlass, onUnauthenticated }: AskParts): Ask {
  return async ({ mayBreakGlass = false, ...operation }) => {
    const bearer = token();
    if (bearer === undefined) return unsent(SESSION_ENDED, 'The session has ended');
    const stated = access();
    const breaksGlass = mayBreakGlass && stated.breakGlass;
    const answer = await send(bearer, operation, accessHeaders({ ...stated, breakGlass: breaksGlass }));
    // A refusal opens nothing; of what was lost on the way nobody knows.
    if (breaksGlass && !isRefused(answer.status)) onBrokenGlass();
    if (answer.status === 401) onUnauthenticated();
    return answer;
  };
}

function isRefused(status: number): boolean {
  return status >= 400 && status < 500;
}

/** Milliseconds: more than a gateway takes to say that an agency does not answer. */
const LONGEST = 45_000;

/** One operation with a token, before there is a session to ask by. */
export async function send(
  token: string,
  operation: Pick<Operation, 'query' | 'variables' | 'operationName'>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(operation),
      signal: AbortSignal.timeout(LONGEST),
    });
    const receipt = receiptOf(response.headers.get('access-log'));
    const content = readContent(await response.json());
    return { status: response.status, ...content, ...(receipt === undefined ? {} : { receipt }) };
  } catch {
    return unsent(GATEWAY_UNREACHABLE, 'The gateway cannot be reached');
  }
}

/** @throws TypeError where something on the way answered in the gateway's place. */
function readContent(body: unknown): Pick<Answer, 'data' | 'errors'> {
  const { data = null, errors = [] } = body as Partial<Answer>;
  const isAnswer =
    typeof data === 'object' &&
    Array.isArray(errors) &&
    errors.every((each) => typeof each?.message === 'string');
  if (!isAnswer) throw new TypeError('no answer to an operation');
  return { data, errors };
}

/** Pasted with what was copied, and in no header. */
const CONTROLS = /\p{Cc}+/gu;

/** What the bar states, as headers. People write reasons in UTF-8, and a header has bytes. */
function accessHeaders({ purpose, reason, breakGlass }: StatedAccess): Readonly<Record<string, string>> {
  const bytes = String.fromCharCode(...new TextEncoder().encode(reason.trim().replaceAll(CONTROLS, ' ')));
  return {
    'apollographql-client-name': 'explorer',
    ...(purpose === '' ? {} : { 'access-purpose': purpose }),
    ...(bytes === '' ? {} : { 'access-reason': bytes }),
    ...(breakGlass ? { 'access-override': 'break-glass' } : {}),
  };
}

function receiptOf(header: string | null): Answer['receipt'] {
  const [origin, index] = (header ?? '').split(' ');
  return origin && index ? { origin, index } : undefined;
}

function unsent(code: string, message: string): Answer {
  const error: AnswerError = { message, extensions: { code } };
  return { status: 0, data: null, errors: [error] };
}

export const AskContext = createContext<Ask | undefined>(undefined);

/** Asks the gateway as whoever is signed in, for the purpose and reason that stand in the bar. Never rejects. */
export function useAsk(): Ask {
  const ask = useContext(AskContext);
  if (ask === undefined) throw new Error('useAsk outside of a session');
  return ask;
}
