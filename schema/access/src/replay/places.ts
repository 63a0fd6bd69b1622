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

/**
 * One way from a subject down to a coordinate. `Contact.name` has several: a health visitor's, an allocated worker's. Ways
 * through objects that are decided alike are one place.
 */
export interface Place {
  /** The subject's field that it leads through, `Child.socialCare`. */
  readonly subjectField: string;
  /** What the place shows, `Contact.name`. */
  readonly coordinate: string;
  /** Sector whose record the place shows. */
  readonly sector: Sector;
  /** All that must be open for the place to be: the subject's key, its field, what lies between, the coordinate. */
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
  const rules = readCoordinateRules(supergraph);
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
      if (key === undefined || through === undefined) continue;
      const found = (coordinate: string, doors: readonly PlaceDoor[]) => {
        const known = places.get(coordinate) ?? [];
        places.set(coordinate, known);
        known.push({ subjectField, coordinate, sector: through.sector, doors: [key, through, ...doors] });
      };
      found(subjectField, []);
      const schema = {
        supergraph,
        subjectTypes,
        rules,
        doorTo: (below: string) => doorTo(subjectField, below),
      };
      findBelow(schema, getNamedType(field.type), found);
    }
  }
  return { places, rules };
}

interface Search {
  readonly supergraph: GraphQLSchema;
  readonly subjectTypes: ReadonlySet<string>;
  readonly rules: CoordinateRules;
  readonly doorTo: (coordinate: string) => PlaceDoor | undefined;
}

/** Finds the fields of a type and of what is below it, the next subject's excluded, with the doors on the way to each. */
function findBelow(
  { supergraph, subjectTypes, rules, doorTo }: Search,
  top: GraphQLNamedType,
  found: (coordinate: string, doors: readonly PlaceDoor[]) => void,
): void {
  const seen = new Set<string>();
  // A coordinate that no rule names is decided by its class alone, and twice the same class changes nothing.
  const kindOf = ({ coordinate, sensitivity }: PlaceDoor) =>
    `${sensitivity.class} ${sensitivity.minimal} ${rules.rules.has(coordinate) ? coordinate : ''}`;
  const visit = (named: GraphQLNamedType, between: ReadonlyMap<string, PlaceDoor>): void => {
    for (const type of isAbstractType(named) ? supergraph.getPossibleTypes(named) : [named]) {
      const way = `${type.name} ${[...between.keys()].sort().join()}`;
      if (!isObjectType(type) || subjectTypes.has(type.name) || seen.has(way)) continue;
      seen.add(way);
      for (const field of Object.values(type.getFields())) {
        const coordinate = `${type.name}.${field.name}`;
        const door = doorTo(coordinate);
        if (door === undefined) continue;
        found(coordinate, [...between.values(), door]);
        const kind = kindOf(door);
        visit(getNamedType(field.type), between.has(kind) ? between : new Map([...between, [kind, door]]));
      }
    }
  };
  visit(top, new Map());
}
