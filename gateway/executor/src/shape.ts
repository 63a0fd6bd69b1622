import { isObjectType } from 'graphql';
import type { FieldCollector, FieldGroup } from './collect-fields.ts';
import { type Completion, runtimeType } from './completion.ts';
import type { Failures, PathSegment } from './failures.ts';
import type { FieldVerdict, ReleaseGate } from './hooks.ts';
import { type DataRecord, emptyRecord, isRecord } from './record.ts';
import type { ResponseErrors } from './response-errors.ts';
import { failed } from './subgraph-error.ts';
import { subjectId } from './subject-id.ts';
import type { ConcreteType } from './type-condition.ts';

export interface Shaping {
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
  const data = completeFields(shaping, shaping.collector.root, root, { above: undefined, path: ROOT });
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
  readonly path: Path;
}

/** From its end to the response's root: it is written out where there is an error to show, and nowhere else. */
interface Path {
  readonly above: Path | undefined;
  readonly key: PathSegment;
}

/** Above the root's fields. */
const ROOT: Path = { above: undefined, key: '' };

function writtenOut(path: Path): PathSegment[] {
  const keys: PathSegment[] = [];
  for (let at = path; at.above !== undefined; at = at.above) keys.unshift(at.key);
  return keys;
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
    if (group.completion === undefined) {
      if (group.name !== '__typename') data[group.responseKey] = shaping.introspect(group);
      else if (isObjectType(group.parentType)) data[group.responseKey] = group.parentType.name;
      else {
        // Which object it is, the one subgraph that knows it does not say.
        shaping.errors.report([...writtenOut(position.path), group.responseKey], failed(undefined));
        bubbles = true;
      }
      continue;
    }
    // Siblings of a field that bubbles are completed all the same, for the errors they hold.
    const value = completeField(shaping, group, group.completion, source, position, isExcused);
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
  for (const failure of own) errors.report(writtenOut(path), failure.error);
  return own.length > 0;
}

function completeField(
  shaping: Shaping,
  group: FieldGroup,
  completion: Completion,
  source: DataRecord,
  position: Position,
  isExcused: boolean,
): unknown {
  const { above } = position;
  const field = above && (above.field ?? group.coordinate);
  const path: Path = { above: position.path, key: group.responseKey };
  const below = { above: above && { id: above.id, field }, path, isExcused };

  const verdict = verdictOf(shaping, group, above?.id, field);
  if (verdict.kind !== 'RELEASE') {
    withhold(shaping, verdict, source, group.plannedKey, path);
    return completion.kind === 'NON_NULL' ? BUBBLING : NULLED;
  }
  const value = complete(shaping, group, completion, source, group.plannedKey, below);
  const isAbsent = value === null && position.path === ROOT && isSubjectField(shaping, completion);
  if (isAbsent && shaping.failures.at(source, group.plannedKey).length === 0) {
    const absent = shaping.gate.absentSubject(group.coordinate);
    if (absent.kind === 'WITHHOLD') shaping.errors.report(writtenOut(path), absent.error);
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
  path: Path,
): void {
  if (verdict.kind === 'WITHHOLD') {
    errors.report(writtenOut(path), verdict.error);
    return;
  }
  // An outage shows to everybody, or its absence would tell who is being kept silent about. What lies deeper does not:
  // where there is nothing, nothing can fail.
  for (const failure of failures.at(owner, key)) {
    if (failure.below.length === 0) errors.reportFailure(writtenOut(path), failure);
  }
}

function isSubjectField({ subjectTypes }: Shaping, completion: Completion): boolean {
  const inside = completion.kind === 'NON_NULL' ? completion.of : completion;
  return inside.kind === 'COMPOSITE' && inside.only !== undefined && subjectTypes.has(inside.only.name);
}

/** @param owner Object or list that holds the value under `key`. */
function complete(
  shaping: Shaping,
  group: FieldGroup,
  completion: Completion,
  owner: object,
  key: PathSegment,
  position: Position,
): unknown {
  if (completion.kind === 'NON_NULL') {
    const before = shaping.errors.reported;
    const value = complete(shaping, group, completion.of, owner, key, position);
    if (value !== null && value !== NULLED) return value;
    const isExplained = value === NULLED || position.isExcused || shaping.errors.reported > before;
    if (!isExplained) shaping.errors.report(writtenOut(position.path), failed(undefined));
    return BUBBLING;
  }

  const value = Object.hasOwn(owner, key) ? (owner as Record<PathSegment, unknown>)[key] : null;
  const object = completion.kind === 'COMPOSITE' && isRecord(value) ? value : undefined;
  const objectType = object && completion.kind === 'COMPOSITE' ? runtimeType(completion, object) : undefined;
  const subject =
    object && objectType && shaping.subjectTypes.has(objectType.name) ? subjectId(object) : undefined;
  if (subject !== undefined && objectType !== undefined) {
    const verdict = shaping.gate.subject(subject, objectType.name, group.coordinate);
    if (verdict.kind !== 'RELEASE') {
      withhold(shaping, verdict, owner, key, position.path);
      return NULLED;
    }
  }

  for (const failure of shaping.failures.at(owner, key))
    shaping.errors.reportFailure(writtenOut(position.path), failure);
  if (value === null || value === undefined) return null;
  if (completion.kind === 'LIST') return completeList(shaping, group, completion.of, value, position);
  if (completion.kind === 'LEAF') return completion.complete(value) ?? unfit(shaping, position);
  if (object === undefined || objectType === undefined) return unfit(shaping, position);
  return completeObject(shaping, group, objectType, object, subject, position);
}

function completeList(
  shaping: Shaping,
  group: FieldGroup,
  ofItem: Completion,
  list: unknown,
  { above, path }: Position,
): unknown {
  if (!Array.isArray(list)) return unfit(shaping, { above, path });
  let bubbles = false;
  const items: unknown[] = [];
  for (const index of list.keys()) {
    const item = complete(shaping, group, ofItem, list, index, { above, path: { above: path, key: index } });
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
  errors.report(writtenOut(path), failed(undefined));
  return NULLED;
}
