import type { FieldVerdict, ReleaseGate } from '../hooks.ts';
import type { Failures, PathSegment } from '../records/failures.ts';
import { type DataRecord, isRecord } from '../records/record.ts';
import { failed } from '../records/subgraph-error.ts';
import type { FieldGroup } from '../selections/collect-fields.ts';
import type { ConcreteType } from '../selections/type-condition.ts';
import { type Completion, type CompositeCompletion, runtimeType } from './completion.ts';
import type { ResponseErrors } from './response-errors.ts';
import type { ResponsePath } from './response-path.ts';
import { subjectId } from './subject-id.ts';

/** Null, and why is settled: an error was reported, or silence decided. */
export const NULLED = Symbol('nulled');
/** Null where null is not allowed: the parent becomes null. */
export const BUBBLING = Symbol('bubbling');

/** What one response is shaped with. */
export interface Release {
  readonly gate: ReleaseGate;
  readonly failures: Failures;
  readonly errors: ResponseErrors;
  readonly path: ResponsePath;
  /** Answers questions about the schema, `__schema` and `__type` among them. */
  readonly introspect: (group: FieldGroup) => unknown;
}

/**
 * Completes the value that an object or list holds under a key; the path stands there already.
 *
 * @param subject The nearest subject above.
 * @param subjectField The field of it through which the value is reached.
 * @param isExcused The object as a whole has failed, and that was reported: a null in it needs no error of its own.
 * @see https://spec.graphql.org/October2021/#sec-Value-Completion
 */
export type ShapeValue = (
  release: Release,
  owner: object,
  key: PathSegment,
  subject: string | undefined,
  subjectField: string | undefined,
  isExcused: boolean,
) => unknown;

/** @param subjectField Undefined on the subject itself, whose every field is its own. */
export type ShapeObject = (
  release: Release,
  object: DataRecord,
  subject: string | undefined,
  subjectField: string | undefined,
) => DataRecord | typeof NULLED;

/** Of the objects at one field of an operation. */
export interface ObjectShapes {
  /** `Child.address` */
  readonly coordinate: string;
  readonly subjectTypes: ReadonlySet<string>;
  /** Asked once for each type that occurs. */
  of(type: ConcreteType): ShapeObject;
}

/** Made once for a field of an operation. */
export function valueShaper(completion: Completion, objects: ObjectShapes): ShapeValue {
  switch (completion.kind) {
    case 'NON_NULL':
      return nonNull(valueShaper(completion.of, objects));
    case 'LIST':
      return list(valueShaper(completion.of, objects));
    case 'LEAF': {
      const { complete } = completion;
      return (release, owner, key) => {
        const value = valueAt(owner, key);
        reportFailures(release, owner, key);
        return isAbsent(value) ? null : (complete(value) ?? unfit(release));
      };
    }
    case 'COMPOSITE':
      return composite(completion, objects);
  }
}

function nonNull(shapeValue: ShapeValue): ShapeValue {
  return (release, owner, key, subject, subjectField, isExcused) => {
    const { errors, path } = release;
    const before = errors.reported;
    const value = shapeValue(release, owner, key, subject, subjectField, false);
    if (value !== null && value !== NULLED) return value;
    const isExplained = value === NULLED || isExcused || errors.reported > before;
    if (!isExplained) errors.report(path.writtenOut(), failed(undefined));
    return BUBBLING;
  };
}

function list(shapeItem: ShapeValue): ShapeValue {
  return (release, owner, key, subject, subjectField) => {
    const value = valueAt(owner, key);
    reportFailures(release, owner, key);
    if (isAbsent(value)) return null;
    if (!Array.isArray(value)) return unfit(release);
    const { path } = release;
    let bubbles = false;
    const items: unknown[] = [];
    path.enter();
    for (const index of value.keys()) {
      path.step(index);
      const item = shapeItem(release, value, index, subject, subjectField, false);
      if (item === BUBBLING) bubbles = true;
      items.push(item === NULLED ? null : item);
    }
    path.leave();
    return bubbles ? NULLED : items;
  };
}

function composite(completion: CompositeCompletion, objects: ObjectShapes): ShapeValue {
  const shapes = new Map<ConcreteType, ShapeObject>();
  const shapeOf = (type: ConcreteType): ShapeObject => {
    const known = shapes.get(type);
    if (known !== undefined) return known;
    const shape = objects.of(type);
    shapes.set(type, shape);
    return shape;
  };
  return (release, owner, key, subject, subjectField) => {
    const value = valueAt(owner, key);
    const object = isRecord(value) ? value : undefined;
    const type = object && runtimeType(completion, object);
    const isSubject = type !== undefined && objects.subjectTypes.has(type.name);
    const id = isSubject && object !== undefined ? subjectId(object) : undefined;
    if (id !== undefined && type !== undefined) {
      const verdict = release.gate.subject(id, type.name, objects.coordinate);
      if (verdict.kind !== 'RELEASE') {
        withhold(release, verdict, owner, key);
        return NULLED;
      }
    }
    reportFailures(release, owner, key);
    if (isAbsent(value)) return null;
    // Nobody can say who a subject without id is, so nobody can say who may see it.
    if (object === undefined || type === undefined || (isSubject && id === undefined)) return unfit(release);
    return id === undefined
      ? shapeOf(type)(release, object, subject, subjectField)
      : shapeOf(type)(release, object, id, undefined);
  };
}

export function withhold(
  { failures, errors, path }: Release,
  verdict: FieldVerdict,
  owner: object,
  key: PathSegment,
): void {
  if (verdict.kind === 'WITHHOLD') {
    errors.report(path.writtenOut(), verdict.error);
    return;
  }
  // An outage shows to everybody, or its absence would tell who is being kept silent about. What lies deeper does not:
  // where there is nothing, nothing can fail.
  for (const failure of failures.at(owner, key)) {
    if (failure.below.length === 0) errors.reportFailure(path.writtenOut(), failure);
  }
}

function reportFailures({ failures, errors, path }: Release, owner: object, key: PathSegment): void {
  if (failures.isEmpty) return;
  for (const failure of failures.at(owner, key)) errors.reportFailure(path.writtenOut(), failure);
}

/** A value that the schema forbids here. */
function unfit({ errors, path }: Release): typeof NULLED {
  errors.report(path.writtenOut(), failed(undefined));
  return NULLED;
}

/** Data are made of records without prototype, and of lists of whose items alone is asked: nothing can be inherited. */
function valueAt(owner: object, key: PathSegment): unknown {
  return (owner as Readonly<Record<PathSegment, unknown>>)[key];
}

function isAbsent(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
