import { isObjectType } from 'graphql';
import type { FieldVerdict } from '../hooks.ts';
import type { PathSegment } from '../records/failures.ts';
import { type DataRecord, recordMaker } from '../records/record.ts';
import { failed } from '../records/subgraph-error.ts';
import type { FieldCollector, FieldGroup } from '../selections/collect-fields.ts';
import type { Completion } from './completion.ts';
import { BUBBLING, NULLED, type Release, type ShapeObject, valueShaper, withhold } from './shape-value.ts';

export interface Shaping {
  readonly collector: FieldCollector;
  readonly refused: ReadonlySet<string>;
  readonly subjectTypes: ReadonlySet<string>;
}

/**
 * The response's data: what the client selected, in its order, of what was fetched and may be released. Nothing reaches it
 * that the gate was not asked about.
 *
 * @returns null when a non-null root field is null.
 */
export type ShapeResponse = (release: Release, root: DataRecord) => DataRecord | null;

/**
 * Made once for an operation's variant: what is known of a field without data is not looked up again for each value of it
 * (docs/adr/0061).
 */
export function createShaper(shaping: Shaping): ShapeResponse {
  const shapeRoot = objectShaper(shaping.collector.root.map((group) => fieldShaper(shaping, group, true)));
  return (release, root) => {
    const data = shapeRoot(release, root, undefined, undefined);
    return data === NULLED ? null : data;
  };
}

/** Puts one field into the data. */
interface ShapeField {
  readonly group: FieldGroup;
  /** @returns what stands there, or why nothing does. */
  readonly shape: (
    release: Release,
    source: DataRecord,
    subject: string | undefined,
    subjectField: string | undefined,
    isExcused: boolean,
  ) => unknown;
}

function objectShaper(fields: readonly ShapeField[]): ShapeObject {
  const makeData = recordMaker();
  const shown = new Set<PathSegment>(
    fields.flatMap(({ group }) => (group.definition ? group.plannedKey : [])),
  );
  return (release, source, subject, subjectField) => {
    const data = makeData();
    const isExcused = reportHidden(release, shown, source);
    const { path } = release;
    let bubbles = false;
    path.enter();
    for (const { group, shape } of fields) {
      path.step(group.responseKey);
      // Siblings of a field that bubbles are completed all the same, for the errors they hold.
      const value = shape(release, source, subject, subjectField, isExcused);
      if (value === BUBBLING) bubbles = true;
      else data[group.responseKey] = value === NULLED ? null : value;
    }
    path.leave();
    return bubbles ? NULLED : data;
  };
}

/**
 * Errors of the object itself or at what only the executor selected, a key: shown at the object.
 *
 * @returns Whether there were any.
 */
function reportHidden(
  { failures, errors, path }: Release,
  shown: ReadonlySet<PathSegment>,
  source: DataRecord,
): boolean {
  if (failures.isEmpty) return false;
  const hidden = [...failures.of(source)].flatMap(([key, those]) => (shown.has(key) ? [] : those));
  const own = hidden.filter((failure) => !failure.wholeFetch);
  for (const failure of own) errors.report(path.writtenOut(), failure.error);
  return own.length > 0;
}

function fieldShaper(shaping: Shaping, group: FieldGroup, isAtRoot: boolean): ShapeField {
  const { completion } = group;
  if (completion === undefined) return { group, shape: metaField(group) };

  const verdictOf = verdicts(shaping, group);
  const { collector, subjectTypes } = shaping;
  const { coordinate, plannedKey } = group;
  const shapeValue = valueShaper(completion, {
    coordinate,
    subjectTypes,
    of: (type) =>
      objectShaper(collector.below(group, type).map((field) => fieldShaper(shaping, field, false))),
  });
  const withheld = completion.kind === 'NON_NULL' ? BUBBLING : NULLED;
  const mayBeAbsent = isAtRoot && isSubjectField(shaping, completion);
  return {
    group,
    shape(release, source, subject, fieldAbove, isExcused) {
      const subjectField = subject === undefined ? undefined : (fieldAbove ?? coordinate);
      const verdict = verdictOf(release, subject, subjectField);
      if (verdict.kind !== 'RELEASE') {
        withhold(release, verdict, source, plannedKey);
        return withheld;
      }
      const value = shapeValue(release, source, plannedKey, subject, subjectField, isExcused);
      if (value === null && mayBeAbsent && release.failures.at(source, plannedKey).length === 0) {
        const absent = release.gate.absentSubject(coordinate);
        if (absent.kind === 'WITHHOLD') release.errors.report(release.path.writtenOut(), absent.error);
      }
      return value;
    },
  };
}

/** `__typename` and questions about the schema: nobody's record. */
function metaField(group: FieldGroup): ShapeField['shape'] {
  const { name, parentType } = group;
  if (name !== '__typename') return ({ introspect }) => introspect(group);
  if (isObjectType(parentType)) return () => parentType.name;
  return ({ errors, path }) => {
    // Which object it is, the one subgraph that knows it does not say.
    errors.report(path.writtenOut(), failed(undefined));
    return BUBBLING;
  };
}

type VerdictOf = (
  release: Release,
  subject: string | undefined,
  subjectField: string | undefined,
) => FieldVerdict;

const SILENT: FieldVerdict = { kind: 'SILENT' };

function verdicts({ refused }: Shaping, { coordinate, interfaceCoordinates }: FieldGroup): VerdictOf {
  // Refused through every interface by which it was selected: the gate knows an interface's coordinate, as it named it.
  // Asked first, for what it says of all implementers comes before what is said of this one.
  const [first] = interfaceCoordinates.every((each) => refused.has(each)) ? interfaceCoordinates : [];
  // Fetched as a key, perhaps, but not for the caller.
  const isRefused = refused.has(coordinate);
  if (first === undefined && !isRefused)
    return ({ gate }, subject, subjectField) => gate.field(subject, subjectField, coordinate);
  return ({ gate }, subject, subjectField) => {
    if (first !== undefined) {
      const throughInterface = gate.field(subject, subjectField, first);
      if (throughInterface.kind !== 'RELEASE') return throughInterface;
    }
    const verdict = gate.field(subject, subjectField, coordinate);
    return verdict.kind === 'RELEASE' && isRefused ? SILENT : verdict;
  };
}

function isSubjectField({ subjectTypes }: Shaping, completion: Completion): boolean {
  const inside = completion.kind === 'NON_NULL' ? completion.of : completion;
  return inside.kind === 'COMPOSITE' && inside.only !== undefined && subjectTypes.has(inside.only.name);
}
