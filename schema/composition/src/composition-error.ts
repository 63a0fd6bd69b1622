/**
 * Every reason for which a set of subgraphs is refused, and what it protects. Callers switch on the code; the message
 * of an error is for the agency and may change.
 */
export const COMPOSITION_ERRORS = {
  /** A name is missing, malformed or used twice, or the URL is not one of HTTP. */
  SUBGRAPH_INVALID: 'A subgraph needs a name of its own and the URL it answers at',
  /** The SDL does not parse. */
  SDL_INVALID: 'The SDL must parse',
  /** Federation 1 takes every field for shareable. */
  FEDERATION_NOT_LINKED: 'A subgraph links Federation 2',
  /** Without the domain's directives nothing in the subgraph is classified. */
  ACCESS_NOT_LINKED: 'A subgraph links https://contactpoint.example/access/v1.0',
  /** `minimal: Boolean = true` would mean something else by the same words. */
  ACCESS_DEFINITION_DIFFERS: "The domain's directives are defined as in the contract, or not at all",
  /** A name that the gateway takes for federation's own machinery would be left out of the classification. */
  RESERVED_NAME: 'Names of specifications are not for agencies',
  FIELD_UNCLASSIFIED: 'Every field carries one @sensitivity, its own or the one of its type',
  CLASS_DISAGREES: 'A shared field has one class',
  CLASSIFIED_FIELD_NOT_NULLABLE: 'A field that may be withheld is nullable',
  CHILD_OUTSIDE_DIRECTORY: 'Only the directory leads to a child',
  CHILD_AS_ARGUMENT: 'Only the directory takes a child as argument',
  SUBJECT_DISAGREES: 'A type is a data subject for all agencies or for none',
  SUBJECT_KEY_NOT_ID: 'A data subject is known by `id` alone',
  CROSS_AGENCY_DIRECTIVE: "One agency's fields do not depend on another's",
  FOREIGN_FIELD_CHANGED: "No agency changes another's field",
  FOREIGN_KEY: "No agency gives another's type a key",
  SHARED_TYPE_DIFFERS: 'A type that several agencies define is the same in all',
  SHARED_TYPE_GUARD_DIFFERS: 'No agency guards or hides a type for the others',
  ROOT_FIELD_UNGUARDED: 'A root field carries @sensitivity, @requiresScopes or @policy',
  CLASSIFIED_FIELD_EXPOSED: 'What is above REFERENCE stands below a data subject or behind a scope',
  CLASSIFIED_ENTITY_SHARED: 'Only a data subject is known to several agencies with more than reference data',
  /** Said by the federation's own composer. */
  COMPOSITION_FAILED: 'The subgraphs fit together',
} as const;

export type CompositionErrorCode = keyof typeof COMPOSITION_ERRORS;

/** One thing that an agency has to change before its subgraph can join. */
export interface CompositionError {
  readonly code: CompositionErrorCode;
  /** The subgraph to change; null where the composer blames none. */
  readonly subgraph: string | null;
  /** Schema coordinate, `Child.conditions`, `Query.child(id:)`, `@sensitivity`; null where the whole SDL is meant. */
  readonly coordinate: string | null;
  readonly message: string;
}
