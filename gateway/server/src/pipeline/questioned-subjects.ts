import { AccessError } from '@contactpoint/access/access-error';
import type { SubjectDecision } from '@contactpoint/audit-log/access-event';
import type { ChildNumbers } from '../subgraphs/child-numbers.ts';
import type { LoadedSupergraph } from '../supergraph.ts';
import { numbersIn } from './argument-numbers.ts';
import type { ParsedOperation } from './parse.ts';
import type { PlannedOperation } from './plan.ts';
import { argumentsOf, rootFields } from './subject-access.ts';

/**
 * Children whom a question to the audit log names (`accessStatement(childId:)`, `placeLawfulHold(hold: { childId: })`).
 * It shows nothing of their record, so that no policy decides it; but who asked what the log says of a child, and who
 * kept it from being told, is on record with the child. The root field itself stands among what was released or withheld.
 *
 * @param variables Coerced, with defaults.
 */
export function questionedSubjects(
  { classification, executor: { schema } }: LoadedSupergraph,
  parsed: ParsedOperation,
  { refusals }: Pick<PlannedOperation, 'refusals'>,
  variables: Readonly<Record<string, unknown>>,
): readonly SubjectDecision[] {
  const questioned: SubjectDecision[] = [];
  const root = schema.getRootType(parsed.operation.operation);
  for (const field of rootFields(parsed)) {
    const coordinate = `${root?.name}.${field.name.value}`;
    const definition = root?.getFields()[field.name.value];
    if (definition === undefined || classification.get(coordinate)?.class !== 'REFERENCE') continue;
    const given = argumentsOf(definition, field, variables);
    const children = definition.args.flatMap((each) => numbersIn(each, given[each.name], isChildId));
    const verdict = refusals.verdict(undefined, coordinate);
    const isReleased = verdict === undefined || verdict.released;
    for (const child of children) {
      const [released, withheld] = isReleased ? [[coordinate], []] : [[], [coordinate]];
      questioned.push({ child, released, withheld, policies: [] });
    }
  }
  return questioned.length === 0 ? questioned : joinSubjects(questioned);
}

/**
 * All numbers of the children whom questions name that may be asked.
 *
 * @param onQuestion Told the `jti` of each question to the directory before it is sent.
 * @throws AccessError ACCESS_UNDECIDED: what the log says of a child under another number would be left out.
 */
export async function numbersOfQuestioned(
  childNumbers: ChildNumbers,
  questioned: readonly SubjectDecision[],
  evt: string,
  onQuestion: (jti: string) => void,
): Promise<Readonly<Record<string, readonly string[]>>> {
  const children = questioned.filter(({ released }) => released.length > 0).map(({ child }) => child);
  if (children.length === 0) return {};
  try {
    return await childNumbers.find(children, evt, onQuestion);
  } catch (cause) {
    const message = 'Under which numbers the child is known is out of reach';
    throw new AccessError('ACCESS_UNDECIDED', message, { cause });
  }
}

/** What an event says of children: of those whose record was decided, and of those of whom the log was asked. */
export function withQuestioned(
  decided: readonly SubjectDecision[],
  questioned: readonly SubjectDecision[],
): readonly SubjectDecision[] {
  return questioned.length === 0 ? decided : joinSubjects([...decided, ...questioned]);
}

/** Each child once, with everything that is said of it. */
export function joinSubjects(subjects: readonly SubjectDecision[]): readonly SubjectDecision[] {
  const children = Map.groupBy(subjects, ({ child }) => child);
  const all = (said: readonly SubjectDecision[], of: 'released' | 'withheld' | 'policies') =>
    [...new Set(said.flatMap((each) => each[of]))].sort();
  return [...children].map(([child, said]) => ({
    child,
    released: all(said, 'released'),
    withheld: all(said, 'withheld'),
    policies: all(said, 'policies'),
  }));
}

/** The contract names a child by `childId` wherever a question to the log does. */
const isChildId = (name: string) => name === 'childId';
