import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isObjectType,
} from 'graphql';
import { readClassification, readSubjectTypes } from '../classification.ts';
import { type CoordinateRules, readCoordinateRules } from '../coordinate-rules.ts';
import type { Sector } from '../sector.ts';
import type { Sensitivity } from '../sensitivity.ts';

/** One way from a subject down to a coordinate. `Contact.name` has several: a health visitor's, an allocated worker's. */
export interface Place {
  /** The subject's field that it leads through, `Child.socialCare`. */
  readonly subjectField: string;
  /** What the place shows, `Contact.name`. */
  readonly coordinate: string;
  /** Sector whose record the place shows. */
  readonly sector: Sector;
  /** Everything that must be open for the place to be: the subject's key, the subject's field, the coordinate. */
  readonly doors: readonly PlaceDoor[];
}

export interface PlaceDoor {
  readonly coordinate: string;
  readonly sector: Sector;
  readonly sensitivity: Sensitivity;
}

/** What a replay needs of a supergraph. */
export interface ReplaySchema {
  /** Places by coordinate; of subjects and what is below them only. */
  readonly places: ReadonlyMap<string, readonly Place[]>;
  readonly rules: CoordinateRules;
}

/** Sector by coordinate of the subjects' fields, `Child.socialCare`; the directory's where one is not named. */
export type ReadSubjectSectors = (
  supergraph: GraphQLSchema,
  subjectTypes: ReadonlySet<string>,
) => ReadonlyMap<string, Sector>;

/**
 * Reads where each coordinate can stand below a subject, the next subject's own fields excluded.
 *
 * @param sdl Supergraph SDL. That of the API schema will not do: it has no directives.
 * @throws UnclassifiedFieldError, GraphQLError, and what `readSubjectSectors` throws.
 */
export function readReplaySchema(sdl: string, readSubjectSectors: ReadSubjectSectors): ReplaySchema {
  const supergraph = buildSchema(sdl, { assumeValid: true, assumeValidSDL: true });
  const classification = readClassification(supergraph);
  const subjectTypes = readSubjectTypes(supergraph);
  const sectors = readSubjectSectors(supergraph, subjectTypes);
  const places = new Map<string, Place[]>();
  const doorTo = (subjectField: string, coordinate: string): PlaceDoor | undefined => {
    const sensitivity = classification.get(coordinate);
    const sector = sectors.get(subjectField) ?? 'DIRECTORY';
    return sensitivity && { coordinate, sector, sensitivity };
  };

  for (const subject of subjectTypes) {
    const type = supergraph.getType(subject);
    if (!isObjectType(type)) continue;
    const key = doorTo(`${subject}.id`, `${subject}.id`);
    for (const field of Object.values(type.getFields())) {
      const subjectField = `${subject}.${field.name}`;
      const through = doorTo(subjectField, subjectField);
      const below = fieldsBelow(supergraph, subjectTypes, getNamedType(field.type));
      for (const coordinate of [subjectField, ...below]) {
        const last = doorTo(subjectField, coordinate);
        if (key === undefined || through === undefined || last === undefined) continue;
        const known = places.get(coordinate) ?? [];
        places.set(coordinate, known);
        known.push({ subjectField, coordinate, sector: through.sector, doors: [key, through, last] });
      }
    }
  }
  return { places, rules: readCoordinateRules(supergraph) };
}

/** Coordinates of the type's fields and of what is below them, each once. */
function fieldsBelow(
  supergraph: GraphQLSchema,
  subjectTypes: ReadonlySet<string>,
  top: GraphQLNamedType,
): ReadonlySet<string> {
  const coordinates = new Set<string>();
  const seen = new Set<string>();
  const visit = (named: GraphQLNamedType): void => {
    for (const type of isAbstractType(named) ? supergraph.getPossibleTypes(named) : [named]) {
      if (!isObjectType(type) || subjectTypes.has(type.name) || seen.has(type.name)) continue;
      seen.add(type.name);
      for (const field of Object.values(type.getFields())) {
        coordinates.add(`${type.name}.${field.name}`);
        visit(getNamedType(field.type));
      }
    }
  };
  visit(top);
  return coordinates;
}
