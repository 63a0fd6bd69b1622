/**
 * The executor's two hooks. It knows nothing of access or audit: whoever calls it decides here which entities a fetch
 * may carry and which fields a response may show.
 */
export interface ExecutionHooks {
  /** Called before every request to a subgraph, also before one at the root or one that opens a stream of events. */
  readonly beforeFetch: (fetch: PendingFetch) => Promise<readonly AuthorizedRequest[]>;
  /** Called once, after the last fetch and before anything is shaped into the response. */
  readonly beforeRelease: (subjects: readonly ReachedSubject[]) => Promise<ReleaseGate>;
}

/** An entity as another subgraph is asked for it: `__typename` and the key's fields. */
export interface Representation {
  readonly __typename: string;
  readonly [field: string]: unknown;
}

export interface PendingFetch {
  readonly subgraph: string;
  readonly kind: 'query' | 'mutation' | 'subscription';
  /** GraphQL text as planned. */
  readonly query: string;
  /** Variables the text uses, without `representations`. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** Distinct entities asked for; undefined for a fetch at the root. */
  readonly representations: readonly Representation[] | undefined;
  /**
   * Schema coordinates that the text selects, `Child.conditions`, each once. Of an interface's field those of the object
   * types behind it. Not among them, and not to be omitted: the subject's `id` that the executor has echoed (`__subject`)
   * to tell whose answer it is.
   */
  readonly coordinates: readonly string[];
}

/** One request to send. A fetch at the root takes exactly one, or none when it may not be made. */
export interface AuthorizedRequest {
  /**
   * For an entity fetch: what to send in place of the representation at `index` of the pending fetch. An index that no
   * request names is not fetched and its fields stay null. `decoy: true` sends `representation` and throws its answer
   * away: the fields stay null, and an error or an outage shows as it would for a real one. Undefined for a fetch at the
   * root only: an entity fetch that names no entities is a mistake and ends the execution.
   */
  readonly entities?: readonly {
    readonly index: number;
    readonly representation: Representation;
    readonly decoy: boolean;
  }[];
  /**
   * Coordinates to leave out of the text; the planned text where it is absent or empty. An object that loses all its
   * fields is asked for by `__typename`; a request that loses everything is not sent and `extensions` not called.
   */
  readonly omit?: ReadonlySet<string>;
  /** GraphQL `extensions` for the request as it is finally sent; called once, with the final text and variables. */
  readonly extensions: (sent: {
    readonly query: string;
    readonly variables: Readonly<Record<string, unknown>>;
    /** Of the final text; the pending fetch's own list where nothing was left out. */
    readonly coordinates: readonly string[];
  }) => Readonly<Record<string, unknown>>;
}

/** A data subject that the fetched data holds. */
export interface ReachedSubject {
  /** Value of its key `id`. */
  readonly id: string;
  /** Type name, `Child`. */
  readonly type: string;
  /** Coordinates that the client's operation selects of the subject at this place, from it down to the next subject. */
  readonly coordinates: readonly ReachedCoordinate[];
}

export interface ReachedCoordinate {
  /** Field of the subject through which the coordinate is reached, `Child.socialCare`; it tells whose record it is. */
  readonly subjectField: string;
  /** Coordinates of the objects between that field and this one, from above; absent where there are none. */
  readonly through?: readonly string[];
  /** The coordinate itself, `SocialCare.status`. */
  readonly coordinate: string;
}

/** What becomes of a field in the response. */
export type FieldVerdict =
  | { readonly kind: 'RELEASE' }
  /** Null, and no errors entry unless its fetch failed. */
  | { readonly kind: 'SILENT' }
  /** Null and this errors entry, with the response path. */
  | { readonly kind: 'WITHHOLD'; readonly error: ResponseError };

export interface ResponseError {
  readonly message: string;
  readonly extensions: Readonly<Record<string, unknown>> & { readonly code: string };
}

/** Synchronous: everything it needs was loaded by `beforeRelease`. */
export interface ReleaseGate {
  /**
   * @param subject The nearest subject above, undefined above the first one.
   * @param subjectField As in `ReachedCoordinate`; undefined above the first subject.
   */
  field(subject: string | undefined, subjectField: string | undefined, coordinate: string): FieldVerdict;
  /** Whether a subject may stand in the response at all, decided for itself and not for the subject above it. */
  subject(id: string, type: string, coordinate: string): FieldVerdict;
  /** Asked of a root field of subject type that came back null without an error: absence may have to look like refusal. */
  absentSubject(coordinate: string): FieldVerdict;
}
