import { SEARCH } from '@contactpoint/access/doors';
import type { ExecutionResult } from '@contactpoint/executor/execution';
import type { ReachedSubject } from '@contactpoint/executor/hooks';
import { getNamedType } from 'graphql';
import type { BrowseGuard, CountedPractitioner } from '../browse-guard/browse-guard.ts';
import { type Door, searchesOf, shownBy } from '../browse-guard/shown.ts';
import type { LoadedSupergraph } from '../supergraph.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';
import { judgeCoordinate } from './merge.ts';
import type { ParsedOperation } from './parse.ts';
import type { PlannedOperation } from './plan.ts';
import type { Readers } from './readers.ts';
import { argumentsOf, type NamedSubject, rootFields } from './subject-access.ts';
import type { Walk } from './walk.ts';

export interface BrowsedOperation {
  readonly supergraph: LoadedSupergraph;
  readonly browseGuard: BrowseGuard;
  readonly readers: Readers;
  readonly parsed: ParsedOperation;
  readonly planned: PlannedOperation;
  /** Coerced, with defaults. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Children decided with override. */
  readonly overridden: ReadonlySet<string>;
}

/**
 * Browse guard, first look: an account that is over a limit is shown no child. Break-glass goes on: what was read before
 * must not keep anybody from the one child of an emergency. It has limits of its own, the reviews that may be owed, and
 * an alert each time.
 *
 * @throws AccessError as `BrowseGuard` says.
 */
export async function admitReaders({
  browseGuard,
  readers,
  named,
  overridden,
}: Pick<BrowsedOperation, 'browseGuard' | 'readers' | 'overridden'> & {
  readonly named: readonly NamedSubject[];
}): Promise<void> {
  if (named.length > 0 && named.every(({ id }) => overridden.has(id))) return;
  await browseGuard.admit(everyReader(readers));
}

/**
 * A mutation is counted by the children it names, and refused, before it runs: its answer may not be withheld once the
 * deed is done. Of a query it is not known yet what it shows.
 *
 * @throws AccessError as `BrowseGuard` says.
 */
export async function limitMutation(
  { browseGuard, readers, parsed }: BrowsedOperation,
  named: readonly NamedSubject[],
): Promise<void> {
  if (parsed.operation.operation !== 'mutation') return;
  const records = [...new Set(named.map(({ id }) => id))];
  if (records.length > 0) await browseGuard.release(everyReader(readers), { records, misses: [] });
}

/**
 * Counts what an answer shows before it leaves. Every child counts, through whatever list, alias or nesting it came.
 *
 * @param reached Children in the fetched data; those count that the decision lets stand in the answer.
 * @param walk Told how children were looked for.
 * @throws AccessError as `BrowseGuard` says; of a mutation only ACCESS_UNDECIDED.
 */
export async function limitBrowsing(
  operation: BrowsedOperation,
  decisions: SubjectDecisions,
  reached: readonly ReachedSubject[],
  { data, errors }: ExecutionResult,
  walk: Walk,
): Promise<void> {
  const { browseGuard, readers, parsed, planned, overridden } = operation;
  const children = reached.filter(({ id, type }) => {
    const coordinate = `${type}.id`;
    return judgeCoordinate(planned.refusals, decisions, id, coordinate, coordinate).released;
  });
  const ids = children.map(({ id }) => id);
  const doors = doorsOf(operation);
  const shown = shownBy(doors, ids, data, errors);
  walk.searches = searchesOf(doors, shown, data, errors);
  const isMutation = parsed.operation.operation === 'mutation';
  // Nobody but the child under break-glass: counted, and refused is what comes next without it.
  const isEmergency =
    overridden.size > 0 && shown.misses.length === 0 && shown.records.every((id) => overridden.has(id));
  if (isMutation || isEmergency) await browseGuard.note(everyReader(readers), shown);
  else await browseGuard.release(everyReader(readers), shown);
}

function everyReader({ principal, mediator }: Readers): readonly CountedPractitioner[] {
  return mediator === undefined ? [principal] : [principal, mediator];
}

function doorsOf({ supergraph, parsed, variables }: BrowsedOperation): readonly Door[] {
  const root = supergraph.executor.schema.getRootType(parsed.operation.operation);
  return rootFields(parsed).flatMap((field) => {
    const definition = root?.getFields()[field.name.value];
    if (definition === undefined) return [];
    const coordinate = `${root?.name}.${definition.name}`;
    const isSearch = coordinate === SEARCH;
    if (!isSearch && !supergraph.subjectTypes.has(getNamedType(definition.type).name)) return [];
    // Hardly ever needed: whoever opens a child finds it.
    const question = () => `${coordinate} ${JSON.stringify(argumentsOf(definition, field, variables))}`;
    return [{ key: field.alias?.value ?? definition.name, question, isSearch }];
  });
}
