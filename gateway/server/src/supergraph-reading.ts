import { createHash } from 'node:crypto';
import {
  type Classification,
  readClassification,
  readSubjectTypes,
} from '@contactpoint/access/classification';
import { type CoordinateRules, readCoordinateRules } from '@contactpoint/access/coordinate-rules';
import type { Sector } from '@contactpoint/access/sector';
import { checkSupergraph } from '@contactpoint/composition/check-supergraph';
import { apiDocumentOf } from '@contactpoint/executor/planning/api-schema';
import { buildSchema, parse, print } from 'graphql';
import { readFieldAgencies } from './field-agencies.ts';
import { readGraphs, readSubjectSectors, SupergraphError } from './subject-sectors.ts';

/** What is read from a supergraph, checked; one thread can hand it to another. */
export interface SupergraphReading {
  readonly sdl: string;
  /** Hex SHA-256 of the SDL. */
  readonly version: string;
  /** What clients may ask. */
  readonly apiSdl: string;
  readonly classification: Classification;
  readonly rules: CoordinateRules;
  readonly subjectTypes: ReadonlySet<string>;
  /** Names of the subgraphs that resolve a field, by its coordinate. */
  readonly agencies: ReadonlyMap<string, readonly string[]>;
  /** GraphQL endpoint by subgraph name. */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Sector by coordinate of each subject's fields, `Child.socialCare`. */
  readonly sectors: ReadonlyMap<string, Sector>;
}

/** Names a version of the supergraph, in events, log and metrics. */
export function versionOf(sdl: string): string {
  return createHash('sha256').update(sdl).digest('hex');
}

/**
 * Looks again for what composition refuses: whoever composed the SDL need not have looked, and a second door to children
 * would be planned like any other field.
 *
 * @throws SupergraphError, or the error of the part that refused it: an unclassified field, security rules that were
 *   not found.
 */
export function readSupergraph(sdl: string): SupergraphReading {
  const schema = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  const graphs = readGraphs(schema);
  const subjectTypes = readSubjectTypes(schema);
  if (subjectTypes.size === 0)
    throw new SupergraphError('The supergraph marks no type with @subject: nobody would be decided for');
  const classification = readClassification(schema);
  const refused = checkSupergraph(sdl, new Map([...graphs].map(([value, { name }]) => [value, name])));
  if (refused.length > 0)
    throw new SupergraphError('The supergraph is not one that we would compose', refused);
  return {
    sdl,
    version: versionOf(sdl),
    apiSdl: print(apiDocumentOf(parse(sdl, { noLocation: true }))),
    classification,
    rules: readCoordinateRules(schema),
    subjectTypes,
    agencies: readFieldAgencies(schema, graphs),
    endpoints: Object.fromEntries([...graphs.values()].map(({ name, url }) => [name, url])),
    sectors: readSubjectSectors(schema, subjectTypes),
  };
}
