import { operationDigest } from '@contactpoint/access/grant';
import type { ClassGrant } from '@contactpoint/access/sensitivity';
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
import { type Admission, type Admit, restrictGrants } from './admission.ts';
import type { SubjectDecisions } from './authorize-subjects.ts';
import type { AskedChildren } from './walk.ts';

export interface FetchStepOptions {
  readonly supergraph: LoadedSupergraph;
  /** As `createAdmit` makes it of the same supergraph. */
  readonly admit: Admit;
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
  /** Told of each request before it is sent. */
  readonly onAsked: (asked: AskedChildren) => void;
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

    const isOfSubject = ({ __typename }: Representation) => supergraph.subjectTypes.has(__typename);
    const wanted = fetch.representations.map((it) => (isOfSubject(it) ? withTextKey(it) : it));
    const subjects = wanted.filter((it) => it !== undefined).filter(isOfSubject);
    await decisions?.decideFor(subjects.map(subjectOf));

    const groups = new Map<string, Group>();
    wanted.forEach((representation, index) => {
      if (representation === undefined) return;
      const isSubject = isOfSubject(representation);
      // Whatever is no person is nobody's record.
      const admission = isSubject ? admissionOf(options, fetch, representation) : UNGUARDED;
      if (admission === undefined) return;
      const group = groups.get(admission.omitted) ?? groupOf(admission);
      groups.set(admission.omitted, group);
      // Said of a decoy as of the child in whose place it stands: an agency could tell them apart by it.
      if (isOverridden(options, representation)) group.override = true;
      const { decoy, grant } = admission;
      const asked = decoy ? { ...representation, id: decoyNumber() } : representation;
      group.entities.push({ index, representation: asked, decoy });
      if (!isSubject) return;
      group.children[subjectOf(asked)] = grant;
      group.named.push(subjectOf(representation));
    });
    return [...groups.values()].map(({ omit, entities, children, override, named }) => {
      options.onAsked({ children: named, coordinates: fetch.coordinates, omit });
      return { ...requestOf(options, fetch, children, override), entities, omit };
    });
  };
}

interface Group {
  readonly omit: ReadonlySet<string>;
  readonly entities: { index: number; representation: Representation; decoy: boolean }[];
  readonly children: Record<string, ClassGrant>;
  /** Those of whom it is asked; the child itself where a decoy stands in its place. */
  readonly named: string[];
  /** Whether any of the children was decided with override. */
  override: boolean;
}

const NOTHING: ReadonlySet<string> = new Set();

const UNGUARDED: Admission = { omit: NOTHING, omitted: '', grant: {}, decoy: false };

function groupOf({ omit }: Admission): Group {
  return { omit, entities: [], children: {}, named: [], override: false };
}

function admissionOf(
  { admit, decisions }: FetchStepOptions,
  fetch: PendingFetch,
  representation: Representation,
): Admission | undefined {
  return decisions && admit(fetch, decisions.of(subjectOf(representation)));
}

/**
 * A door decides for itself: it finds the children whom it may decide with override in its grant, with nothing granted,
 * and decides for every other one without.
 */
function doorRequest(options: FetchStepOptions, fetch: PendingFetch): AuthorizedRequest {
  const isDoor = options.supergraph.sectorOfSubgraph(fetch.subgraph) === 'DIRECTORY';
  const overridden = isDoor ? [...(options.overridden ?? [])] : [];
  const children = Object.fromEntries(overridden.map((child) => [child, {}]));
  options.onAsked({ children: [], coordinates: fetch.coordinates, omit: NOTHING });
  return requestOf(options, fetch, children, overridden.length > 0);
}

function isOverridden({ overridden }: FetchStepOptions, { id }: Representation): boolean {
  return overridden?.has(id as string) === true;
}

function requestOf(
  { supergraph, grants, caller, numbers = {}, now, onGrant }: FetchStepOptions,
  fetch: PendingFetch,
  children: Readonly<Record<string, ClassGrant>>,
  override: boolean,
): AuthorizedRequest {
  const told = fetch.subgraph === 'oversight' && Object.keys(numbers).length > 0 ? { numbers } : {};
  return {
    extensions: ({ query, variables, coordinates }) => {
      const body = operationDigest(query, variables);
      const granted =
        coordinates === fetch.coordinates ? children : restrictGrants(supergraph, children, coordinates);
      const content = { ...caller, aud: fetch.subgraph, body, children: granted, override, ...told };
      const { grant, jti } = grants.sign(content, now());
      onGrant(jti);
      return { accessGrant: grant };
    },
  };
}

/**
 * A subject by the text of its key, whatever JSON made of it.
 *
 * @returns undefined where the directory answered something that is no key. Nobody is asked about it; the executor shows
 * nothing of it, and an error in its place.
 */
function withTextKey(representation: Representation): Representation | undefined {
  const { id } = representation;
  if (typeof id === 'string') return id === '' ? undefined : representation;
  return Number.isSafeInteger(id) ? { ...representation, id: String(id) } : undefined;
}

function subjectOf({ id }: Representation): string {
  return id as string;
}
