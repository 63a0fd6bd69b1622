import type { Decision } from '@contactpoint/access/decision';
import type { Sector } from '@contactpoint/access/sector';
import {
  type ClassGrant,
  isGranted,
  opens,
  type Sensitivity,
  type SensitivityClass,
} from '@contactpoint/access/sensitivity';
import type { PendingFetch } from '@contactpoint/executor/hooks';
import type { LoadedSupergraph } from '../supergraph.ts';

/** How one child may be asked about in one fetch. It names nobody: children who are decided alike share it. */
export interface Admission {
  /** Coordinates that are not asked for the child, sorted. */
  readonly omit: ReadonlySet<string>;
  /** The same as text: children with equal ones travel in one request. */
  readonly omitted: string;
  readonly grant: ClassGrant;
  /** The child is denied in silence: a number that nobody has is asked about in its place. */
  readonly decoy: boolean;
}

/** Undefined where nothing may be asked of the child. */
export type Admit = (
  fetch: Pick<PendingFetch, 'subgraph' | 'coordinates'>,
  decision: Decision,
) => Admission | undefined;

/** What one text may ask for, by the decision under which it is asked. */
type AdmissionsOfText = WeakMap<Decision, { readonly admission: Admission | undefined }>;

/**
 * Decides what a fetch may ask about children, once for each text and decision: both are the same objects from request
 * to request, a text's list of coordinates as part of its plan, a decision as what its circumstances give.
 */
export function createAdmit(supergraph: LoadedSupergraph): Admit {
  const bySubgraph = new Map<string, WeakMap<readonly string[], AdmissionsOfText>>();
  return ({ subgraph, coordinates }, decision) => {
    const texts = bySubgraph.get(subgraph) ?? new WeakMap<readonly string[], AdmissionsOfText>();
    bySubgraph.set(subgraph, texts);
    const decided: AdmissionsOfText = texts.get(coordinates) ?? new WeakMap();
    texts.set(coordinates, decided);
    const known = decided.get(decision);
    if (known !== undefined) return known.admission;
    const sector = supergraph.sectorOfSubgraph(subgraph);
    const admission =
      sector === undefined ? undefined : admissionOf(supergraph, sector, coordinates, decision);
    decided.set(decision, { admission });
    return admission;
  };
}

function admissionOf(
  supergraph: LoadedSupergraph,
  sector: Sector,
  coordinates: readonly string[],
  decision: Decision,
): Admission | undefined {
  const omit: string[] = [];
  const asked: Sensitivity[] = [];
  const askedOfSubject: Sensitivity[] = [];
  for (const coordinate of coordinates) {
    const sensitivity = supergraph.classification.get(coordinate);
    if (sensitivity === undefined || !isApparent(decision, sector, sensitivity)) {
      omit.push(coordinate);
      continue;
    }
    asked.push(sensitivity);
    if (isSubjectField(supergraph, coordinate)) askedOfSubject.push(sensitivity);
  }
  if (askedOfSubject.length === 0) return undefined;

  omit.sort();
  const real = grantOf(decision, sector, asked, 'level');
  const decoy = !askedOfSubject.some(
    (sensitivity) => sensitivity.class === 'REFERENCE' || isGranted(real, sensitivity),
  );
  return {
    omit: new Set(omit),
    omitted: omit.join(' '),
    grant: decoy ? grantOf(decision, sector, asked, 'apparentLevel') : real,
    decoy,
  };
}

/** The key is left out: that a child has a number is no reason to ask an agency about it. */
function isSubjectField(supergraph: LoadedSupergraph, coordinate: string): boolean {
  const [type, field] = coordinate.split('.') as [string, string];
  return supergraph.subjectTypes.has(type) && field !== 'id';
}

function isApparent(decision: Decision, sector: Sector, sensitivity: Sensitivity): boolean {
  if (sensitivity.class === 'REFERENCE') return true;
  return opens(decision.of(sector, sensitivity.class).apparentLevel, sensitivity);
}

/**
 * The same grants without classes of which the final text asks nothing: what stood below a field that was left out went with
 * it, though it might have been read in another place.
 */
export function restrictGrants(
  supergraph: LoadedSupergraph,
  children: Readonly<Record<string, ClassGrant>>,
  coordinates: readonly string[],
): Readonly<Record<string, ClassGrant>> {
  const asked = new Set(coordinates.map((coordinate) => supergraph.classification.get(coordinate)?.class));
  return Object.fromEntries(
    Object.entries(children).map(([child, grant]) => [
      child,
      Object.fromEntries(Object.entries(grant).filter(([name]) => asked.has(name as SensitivityClass))),
    ]),
  );
}

/** Only the classes that the request asks for: a grant is good for its own request and nothing beyond it. */
function grantOf(
  decision: Decision,
  sector: Sector,
  asked: readonly Sensitivity[],
  which: 'level' | 'apparentLevel',
): ClassGrant {
  const grant: Partial<Record<SensitivityClass, 'MINIMAL' | 'FULL'>> = {};
  for (const { class: name } of asked) {
    if (name === 'REFERENCE') continue;
    const level = decision.of(sector, name)[which];
    if (level !== 'NONE') grant[name] = level;
  }
  return grant;
}
