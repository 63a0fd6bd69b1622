import type { GraphQLOutputType, GraphQLSchema } from 'graphql';
import { getNamedType, isCompositeType, isLeafType, isListType, isNonNullType, isObjectType } from 'graphql';
import type { FieldCollector, FieldGroup } from './collect-fields.ts';
import type { Failures, PathSegment } from './failures.ts';
import type { FieldVerdict, ReleaseGate } from './hooks.ts';
import { completeLeaf } from './leaf.ts';
import { type DataRecord, emptyRecord, isRecord } from './record.ts';
import type { ResponseErrors } from './response-errors.ts';
import { runtimeType } from './runtime-type.ts';
import { failed } from './subgraph-error.ts';
import { subjectId } from './subject-id.ts';
import type { ConcreteType } from './type-condition.ts';

export interface Shaping {
  /** API schema. */
  readonly schema: GraphQLSchema;
  readonly collector: FieldCollector;
  readonly gate: ReleaseGate;
  readonly refused: ReadonlySet<string>;
  readonly subjectTypes: ReadonlySet<string>;
  readonly failures: Failures;
  readonly errors: ResponseErrors;
  /** Answers `__schema` and `__type`. */
  readonly introspect: (group: FieldGroup) => unknown;
}

/**
 * The response's data: what the client selected, in its order, of what was fetched and may be released. Nothing reaches it
 * that the gate was not asked about.
 *
 * @returns null when a non-null root field is null.
 * @see https://spec.graphql.org/October2021/#sec-Value-Completion
 */
export function shapeResponse(shaping: Shaping, root: DataRecord): DataRecord | null {
  const data = completeFields(shaping, shaping.collector.root, root, { above: undefined, path: [] });
  return data === NULLED ? null : data;
}

/** Null, and why is settled: an error was reported, or silence decided. */
const NULLED = Symbol('nulled');
/** Null where null is not allowed: the parent becomes null. */
const BUBBLING = Symbol('bubbling');

interface Position {
  readonly above: SubjectAbove | undefined;
  /** The object as a whole has failed, and that was reported: a null in it needs no error of its own. */
  readonly isExcused?: boolean;
  readonly path: readonly PathSegment[];
}

interface SubjectAbove {
  readonly id: string;
  /** Undefined on the subject itself, whose every field is its own. */
  readonly field: string | undefined;
}

function completeFields(
  shaping: Shaping,
  groups: readonly FieldGroup[],
  source: DataRecord,
  position: Position,
): DataRecord | typeof NULLED {
  const data = emptyRecord();
  const isExcused = reportHidden(shaping, groups, source, position);
  let bubbles = false;
  for (const group of groups) {
    if (group.definition === undefined) {
      if (group.name !== '__typename') data[group.responseKey] = shaping.introspect(group);
      else if (isObjectType(group.parentType)) data[group.responseKey] = group.parentType.name;
      else {
        // Which object it is, the one subgraph that knows it does not say.
        shaping.errors.report([...position.path, group.responseKey], failed(undefined));
        bubbles = true;
      }
      continue;
    }
    // Siblings of a field that bubbles are completed all the same, for the errors they hold.
    const value = completeField(shaping, group, group.definition.type, source, {
      ...position,
      isExcused,
    });
    if (value === BUBBLING) bubbles = true;
    else data[group.responseKey] = value === NULLED ? null : value;
  }
  return bubbles ? NULLED : data;
}

/**
 * Errors of the object itself or at what only the executor selected, a key: shown at the object.
 *
 * @returns Whether there were any.
 */
function reportHidden(
  { failures, errors }: Shaping,
  groups: readonly FieldGroup[],
  source: DataRecord,
  { path }: Position,
): boolean {
  const found = failures.of(source);
  if (found.size === 0) return false;
  const shown = new Set<PathSegment>(groups.flatMap((it) => (it.definition ? it.plannedKey : [])));
  const hidden = [...found].flatMap(([key, those]) => (shown.has(key) ? [] : those));
  const own = hidden.filter((failure) => !failure.wholeFetch);
  for (const failure of own) errors.report(path, failure.error);
  return own.length > 0;
}

function completeField(
  shaping: Shaping,
  group: FieldGroup,
  type: GraphQLOutputType,
  source: DataRecord,
  position: Position,
): unknown {
  const { above, isExcused = false } = position;
  const field = above && (above.field ?? group.coordinate);
  const path = [...position.path, group.responseKey];
  const below = { above: above && { id: above.id, field }, path, isExcused };

  const verdict = verdictOf(shaping, group, above?.id, field);
  if (verdict.kind !== 'RELEASE') {
    withhold(shaping, verdict, source, group.plannedKey, path);
    return isNonNullType(type) ? BUBBLING : NULLED;
  }
  const value = complete(shaping, group, type, source, group.plannedKey, below);
  const isAbsent = value === null && path.length === 1 && isSubjectField(shaping, type);
  if (isAbsent && shaping.failures.at(source, group.plannedKey).length === 0) {
    const absent = shaping.gate.absentSubject(group.coordinate);
    if (absent.kind === 'WITHHOLD') shaping.errors.report(path, absent.error);
  }
  return value;
}

function verdictOf(
  { gate, refused }: Shaping,
  group: FieldGroup,
  subject: string | undefined,
  subjectField: string | undefined,
): FieldVerdict {
  // Refused through every interface by which it was selected: the gate knows an interface's coordinate, as it named it.
  // Asked first, for what it says of all implementers comes before what is said of this one.
  const [first] = group.interfaceCoordinates;
  if (first !== undefined && group.interfaceCoordinates.every((coordinate) => refused.has(coordinate))) {
    const throughInterface = gate.field(subject, subjectField, first);
    if (throughInterface.kind !== 'RELEASE') return throughInterface;
  }
  const verdict = gate.field(subject, subjectField, group.coordinate);
  if (verdict.kind !== 'RELEASE') return verdict;
  // Fetched as a key, perhaps, but not for the caller.
  return refused.has(group.coordinate) ? { kind: 'SILENT' } : verdict;
}

function withhold(
  { failures, errors }: Shaping,
  verdict: FieldVerdict,
  owner: object,
  key: PathSegment,
  path: readonly PathSegment[],
): void {
  if (verdict.kind === 'WITHHOLD') {
    errors.report(path, verdict.error);
    return;
  }
  // An outage shows to everybody, or its absence would tell who is being kept silent about. What lies deeper does not:
  // where there is nothing, nothing can fail.
  for (const failure of failures.at(owner, key)) {
    if (failure.below.length === 0) errors.reportFailure(path, failure);
  }
}

function isSubjectField({ subjectTypes }: Shaping, type: GraphQLOutputType): boolean {
  return !isListType(type) && subjectTypes.has(getNamedType(type).name);
}

/** @param owner Object or list that holds the value under `key`. */
function complete(
  shaping: Shaping,
  group: FieldGroup,
  type: GraphQLOutputType,
  owner: object,
  key: PathSegment,
  position: Position,
): unknown {
  if (isNonNullType(type)) {
    const before = shaping.errors.reported;
    const value = complete(shaping, group, type.ofType, owner, key, position);
    if (value !== null && value !== NULLED) return value;
    const isExplained = value === NULLED || position.isExcused || shaping.errors.reported > before;
    if (!isExplained) shaping.errors.report(position.path, failed(undefined));
    return BUBBLING;
  }

  const value = Object.hasOwn(owner, key) ? (owner as Record<PathSegment, unknown>)[key] : null;
  const named = getNamedType(type);
  const object = isRecord(value) && !isListType(type) && isCompositeType(named) ? value : undefined;
  const objectType =
    object && isCompositeType(named) ? runtimeType(shaping.schema, named, object) : undefined;
  const subject =
    object && objectType && shaping.subjectTypes.has(objectType.name) ? subjectId(object) : undefined;
  if (subject !== undefined && objectType !== undefined) {
    const verdict = shaping.gate.subject(subject, objectType.name, group.coordinate);
    if (verdict.kind !== 'RELEASE') {
      withhold(shaping, verdict, owner, key, position.path);
      return NULLED;
    }
  }

  for (const failure of shaping.failures.at(owner, key)) shaping.errors.reportFailure(position.path, failure);
  if (value === null || value === undefined) return null;
  if (isListType(type)) return completeList(shaping, group, type.ofType, value, position);
  if (isLeafType(type)) return completeLeaf(type, value) ?? unfit(shaping, position);
  if (object === undefined || objectType === undefined) return unfit(shaping, position);
  return completeObject(shaping, group, objectType, object, subject, position);
}

function completeList(
  shaping: Shaping,
  group: FieldGroup,
  itemType: GraphQLOutputType,
  list: unknown,
  { above, path }: Position,
): unknown {
  if (!Array.isArray(list)) return unfit(shaping, { above, path });
  let bubbles = false;
  const items: unknown[] = [];
  for (const index of list.keys()) {
    const item = complete(shaping, group, itemType, list, index, { above, path: [...path, index] });
    if (item === BUBBLING) bubbles = true;
    items.push(item === NULLED ? null : item);
  }
  return bubbles ? NULLED : items;
}

function completeObject(
  shaping: Shaping,
  group: FieldGroup,
  type: ConcreteType,
  object: DataRecord,
  subject: string | undefined,
  position: Position,
): unknown {
  const isSubject = shaping.subjectTypes.has(type.name);
  // Nobody can say who this is, so nobody can say who may see it.
  if (isSubject && subject === undefined) return unfit(shaping, position);
  const above = subject === undefined ? position.above : { id: subject, field: undefined };
  return completeFields(shaping, shaping.collector.below(group, type), object, {
    above,
    path: position.path,
  });
}

/** A value that the schema forbids here. */
function unfit({ errors }: Shaping, { path }: Position): typeof NULLED {
  errors.report(path, failed(undefined));
  return NULLED;
}
