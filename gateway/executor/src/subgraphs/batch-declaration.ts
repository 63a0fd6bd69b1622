/** Where a subgraph takes several operations in one request. */
export interface BatchRoute {
  readonly path: string;
  /** Operations in one request at most. */
  readonly max: number;
}

/** A Structured Field item, RFC 9651: a string and one parameter. A path of the subgraph's own origin, not of another's. */
const DECLARATION = /^"(\/(?!\/)[!#-[\]-~]*)" *; *max=(\d{1,4})$/;

/**
 * @param header `GraphQL-Batch` of an answer to a single operation: `"/graphql/batch";max=50`.
 * @returns undefined where there is none, or none that can be read: single requests are always right.
 */
export function readBatchRoute(header: string | readonly string[] | undefined): BatchRoute | undefined {
  const [, path, max] = typeof header === 'string' ? (DECLARATION.exec(header) ?? []) : [];
  return path === undefined || Number(max) < 2 ? undefined : { path, max: Number(max) };
}
