import { AccessError } from '@contactpoint/access/access-error';
import type { SubjectDecision, UsedAnswer } from '@contactpoint/audit-log/access-event';
import type { OwnAnswers } from '../subgraphs/own-answers.ts';
import type { LoadedSupergraph } from '../supergraph.ts';
import type { ParsedOperation } from './parse.ts';
import { argumentsOf, rootFields } from './subject-access.ts';

/** Root field by which a caller puts on record that they copied or printed an answer. */
export const RECORD_ANSWER_USE = 'recordAnswerUse';

/** An answer of the caller's own, and what of which children they take along with it. */
export interface OwnAnswer {
  readonly used: UsedAnswer;
  readonly subjects: readonly SubjectDecision[];
}

/**
 * The answer that a mutation says was copied or printed. Who is in it is on record and nowhere else, so the event of the
 * copy is made of the event of the answer: the statement of a child tells of both.
 *
 * @param variables Coerced, with defaults.
 * @param onQuestion Told the `jti` of the question before it is sent.
 * @returns undefined for every other operation.
 * @throws AccessError UNAUTHORIZED_FIELD_OR_TYPE, reason POLICY, alike for a receipt of somebody else's, one that there is
 *   not and one that is none; ACCESS_UNDECIDED where oversight cannot be asked.
 */
export async function findOwnAnswer(
  { supergraph, ownAnswers }: { readonly supergraph: LoadedSupergraph; readonly ownAnswers: OwnAnswers },
  parsed: ParsedOperation,
  variables: Readonly<Record<string, unknown>>,
  { practitionerId, evt, onQuestion }: Asking,
): Promise<OwnAnswer | undefined> {
  if (parsed.operation.operation !== 'mutation') return undefined;
  const field = rootFields(parsed).find(({ name }) => name.value === RECORD_ANSWER_USE);
  const root = supergraph.executor.schema.getMutationType();
  const definition = root?.getFields()[RECORD_ANSWER_USE];
  if (field === undefined || definition === undefined) return undefined;
  const { origin, index, use } = argumentsOf(definition, field, variables);
  if (typeof origin !== 'string' || typeof index !== 'string') throw notTheirs();
  if (!ORIGIN.test(origin) || !INDEX.test(index)) throw notTheirs();
  const found = await ownAnswers
    .find(practitionerId, { origin, index }, evt, onQuestion)
    .catch((cause: unknown) => {
      throw new AccessError('ACCESS_UNDECIDED', 'Whose answer it is is out of reach', { cause });
    });
  if (found === undefined) throw notTheirs();
  const subjects = found.map(({ child, released }) => ({
    child,
    released: [...new Set([...released, `${root?.name}.${RECORD_ANSWER_USE}`])].sort(),
    withheld: [],
    policies: [],
  }));
  return { used: { origin, index, use: use as UsedAnswer['use'] }, subjects };
}

interface Asking {
  /** The caller. */
  readonly practitionerId: string;
  readonly evt: string;
  readonly onQuestion: (jti: string) => void;
}

/** As receipts have them. */
const ORIGIN = /^[!-~]{1,200}$/;
const INDEX = /^(0|[1-9]\d{0,17})$/;

function notTheirs(): AccessError {
  return new AccessError('UNAUTHORIZED_FIELD_OR_TYPE', 'There is no such answer of the caller', {
    extensions: { reason: 'POLICY' },
  });
}
