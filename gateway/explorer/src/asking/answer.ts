/** One entry of `errors`. */
export interface AnswerError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** What came back of one operation. */
export interface Answer {
  /** HTTP status; 0 where nothing came back, or nothing was sent. */
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: its shape is the operation's.
  readonly data: any;
  readonly errors: readonly AnswerError[];
  /** Where its access event stands in the log; absent where none was written. */
  readonly receipt?: { readonly origin: string; readonly index: string };
}

/** Why a whole request came to nothing: `{ code: 'ACCREDITATION_LAPSED', requirement: 'TRAINING' }`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  /** `extensions.requirement` and `extensions.reason`, where the gateway gives them. */
  readonly requirement?: string;
  readonly reason?: string;
  /** Of BAD_USER_INPUT: what is wrong with which argument, `role` and `UNFIT`, where the agency says so. */
  readonly argument?: string;
  readonly problem?: string;
}

/** Codes that the page itself gives, where the gateway has not been asked or has not answered. */
export const SESSION_ENDED = 'SESSION_ENDED';
export const GATEWAY_UNREACHABLE = 'GATEWAY_UNREACHABLE';

/** The refusal of an answer without data; undefined where there is data, even in part. */
export function refusalOf({ data, errors }: Pick<Answer, 'data' | 'errors'>): Refusal | undefined {
  const [first] = errors;
  return data != null || first === undefined ? undefined : asRefusal(first);
}

/** Why none of an operation was shown, where all that it asks for at the root is withheld. */
export function withheldWhole({ data, errors }: Pick<Answer, 'data' | 'errors'>): Refusal | undefined {
  const [first] = errors.filter(
    ({ path, extensions }) => path?.length === 1 && extensions?.['code'] === 'UNAUTHORIZED_FIELD_OR_TYPE',
  );
  const isNothing = Object.values(data ?? {}).every((field) => field === null);
  return first !== undefined && isNothing ? asRefusal(first) : undefined;
}

function asRefusal(first: AnswerError): Refusal {
  const { code, ...extensions } = first.extensions ?? {};
  const told = ['requirement', 'reason', 'argument', 'problem'].map(
    (name) => [name, extensions[name]] as const,
  );
  return {
    code: typeof code === 'string' ? code : 'UNKNOWN',
    message: first.message,
    ...Object.fromEntries(told.filter(([, value]) => typeof value === 'string')),
  };
}
