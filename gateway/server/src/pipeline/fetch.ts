import type { Decision } from '@contactpoint/access/decision';
import { operationDigest } from '@contactpoint/access/grant';
import type { Sector } from '@contactpoint/access/sector';
import {
  type ClassGrant,
  isGranted,
  type Sensitivity,
  type SensitivityClass,
} from '@contactpoint/access/sensitivity';
import { decoyNumber } from '@contactpoint/access/subject-number';
import type {
  AuthorizedRequest,
  ExecutionHooks,
  PendingFetch,
  Representation,
} from '@contactpoint/executor/hooks';
import type { FactsCaller } from '../subgraphs/facts.ts';
import type { GrantSigner } from '../subgraphs/grants.ts';
import type { LoadedSupergraph } from '../supergraph.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';

export interface FetchStepOptions {
  readonly supergraph: LoadedSupergraph;
  readonly grants: GrantSigner;
  readonly caller: FactsCaller;
  /** Undefined where the operation touches no subject; then no subject may be fetched either. */
  readonly decisions: SubjectDecisions | undefined;
  /** Children decided with override; none where it is absent. */
  readonly overridden?: ReadonlySet<string>;
  /** All numbers of the children whom questions to the log name: oversight is told, and nobody else. */
  readonly numbers?: Readonly<Record<string, readonly string[]>>;
  readonly now: () => Date;
  readonly onGrant: (jti: string) => void;
}

/**
 * Fetch step: what each request to a subgraph may carry, and the grant that says so. Children are grouped by what they
 * leave out, so that a field goes only to the agency for children of whom it may be read. A child denied in silence is
 * replaced by a number that nobody has: the agency is asked the same, and learns nothing.
 */
export function createFetchStep(options: FetchStepOptions): ExecutionHooks['beforeFetch'] {
  const { supergraph, decisions } = options;

  return async (fetch) => {
    if (fetch.representations === undefined) return [doorRequest(options, fetch)];

    const subjects = fetch.representations.filter(({ __typename }) =>
      supergraph.subjectTypes.has(__typename),
    );
    await decisions?.decideFor(subjects.map(subjectOf));

    const groups = new Map<string, Group>();
    fetch.representations.forEach((representation, index) => {
      const admission = supergraph.subjectTypes.has(representation.__typename)
        ? admit(supergraph, decisions, fetch, representation)
        : { omit: [], child: undefined, grant: {}, decoy: false };
      if (admission === undefined) return;
      const key = admission.omit.join(' ');
      const group = groups.get(key) ?? {
        omit: new Set(admission.omit),
        entities: [],
        children: {},
        override: false,
      };
      groups.set(key, group);
      // Said of a decoy as of the child in whose place it stands: an agency could tell them apart by it.
      if (isOverridden(options, representation)) group.override = true;
      const { child, decoy } = admission;
      group.entities.push({
        index,
        representation: decoy ? { ...representation, id: child } : representation,
        decoy,
      });
      if (child !== undefined) group.children[child] = admission.grant;
    });
    return [...groups.values()].map(({ omit, entities, children, override }) => ({
      ...requestOf(options, fetch, children, override),
      entities,
      omit,
    }));
  };
}

interface Group {
  readonly omit: ReadonlySet<string>;
  readonly entities: { index: number; representation: Representation; decoy: boolean }[];
  readonly children: Record<string, ClassGrant>;
  /** Whether any of the children was decided with override. */
  override: boolean;
}

interface Admission {
  /** Coordinates that are not asked for this child, sorted. */
  readonly omit: readonly string[];
  /** Number to send; undefined for an entity that is no person. */
  readonly child: string | undefined;
  readonly grant: ClassGrant;
  readonly decoy: boolean;
}

/** Undefined where nothing may be asked of the child. */
function admit(
  supergraph: LoadedSupergraph,
  decisions: SubjectDecisions | undefined,
  fetch: PendingFetch,
  representation: Representation,
): Admission | undefined {
  const sector = supergraph.sectorOfSubgraph(fetch.subgraph);
  if (sector === undefined || decisions === undefined) return undefined;
  const decision = decisions.of(subjectOf(representation));

  const omit: string[] = [];
  const asked: Sensitivity[] = [];
  const askedOfSubject: Sensitivity[] = [];
  for (const coordinate of fetch.coordinates) {
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
  if (
    askedOfSubject.some((sensitivity) => sensitivity.class === 'REFERENCE' || isGranted(real, sensitivity))
  ) {
    return { omit, child: subjectOf(representation), grant: real, decoy: false };
  }
  return {
    omit,
    child: decoyNumber(),
    grant: grantOf(decision, sector, asked, 'apparentLevel'),
    decoy: true,
  };
}

/** The key is left out: that a child has a number is no reason to ask an agency about it. */
function isSubjectField(supergraph: LoadedSupergraph, coordinate: string): boolean {
  const [type, field] = coordinate.split('.') as [string, string];
  return supergraph.subjectTypes.has(type) && field !== 'id';
}

function isApparent(decision: Decision, sector: Sector, sensitivity: Sensitivity): boolean {
  if (sensitivity.class === 'REFERENCE') return true;
  const { apparentLevel } = decision.of(sector, sensitivity.class);
  return apparentLevel === 'FULL' || (sensitivity.minimal && apparentLevel === 'MINIMAL');
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

/**
 * A door decides for itself: it finds the children whom it may decide with override in its grant, with nothing granted,
 * and decides for every other one without.
 */
function doorRequest(options: FetchStepOptions, fetch: PendingFetch): AuthorizedRequest {
  const isDoor = options.supergraph.sectorOfSubgraph(fetch.subgraph) === 'DIRECTORY';
  const overridden = isDoor ? [...(options.overridden ?? [])] : [];
  const children = Object.fromEntries(overridden.map((child) => [child, {}]));
  return requestOf(options, fetch, children, overridden.length > 0);
}

function isOverridden({ overridden }: FetchStepOptions, { id }: Representation): boolean {
  return typeof id === 'string' && overridden !== undefined && overridden.has(id);
}

function requestOf(
  { grants, caller, numbers = {}, now, onGrant }: FetchStepOptions,
  fetch: PendingFetch,
  children: Readonly<Record<string, ClassGrant>>,
  override: boolean,
): AuthorizedRequest {
  const told = fetch.subgraph === 'oversight' && Object.keys(numbers).length > 0 ? { numbers } : {};
  return {
    extensions: async ({ query, variables }) => {
      const body = operationDigest(query, variables);
      const content = { ...caller, aud: fetch.subgraph, body, children, override, ...told };
      const { grant, jti } = await grants.sign(content, now());
      onGrant(jti);
      return { accessGrant: grant };
    },
  };
}

function subjectOf(representation: Representation): string {
  const id = representation['id'];
  if (typeof id !== 'string')
    throw new TypeError('A subject was to be fetched by something other than its id');
  return id;
}
