import type { GraphQLFormattedError } from 'graphql';
import type { ResponseError } from '../hooks.ts';
import type { Failure, PathSegment } from '../records/failures.ts';

/** The response's errors as they are found, at most one a place. */
export class ResponseErrors {
  readonly #errors: GraphQLFormattedError[] = [];
  readonly #places = new Set<string>();

  /** How often something went wrong so far: tells whether a null has been explained. */
  reported = 0;

  report(path: readonly PathSegment[], { message, extensions }: ResponseError): void {
    this.reported += 1;
    const place = JSON.stringify(path);
    if (this.#places.has(place)) return;
    this.#places.add(place);
    this.#errors.push({ message, path: [...path], extensions: { ...extensions } });
  }

  reportFailure(path: readonly PathSegment[], { error, below }: Failure): void {
    this.report([...path, ...below], error);
  }

  /** Without path; equal ones once. */
  reportPlaceless({ message, extensions }: ResponseError): void {
    const place = JSON.stringify(extensions);
    if (this.#places.has(place)) return;
    this.#places.add(place);
    this.#errors.push({ message, extensions: { ...extensions } });
  }

  get all(): readonly GraphQLFormattedError[] {
    return this.#errors;
  }
}
