import { Kind, parse } from 'graphql';

/**
 * Coordinates of the fields that a subgraph defines on object and interface types, `Child.conditions`.
 *
 * @param sdl As the agency wrote it.
 * @throws GraphQLError when it is no SDL.
 */
export function coordinatesOf(sdl: string): ReadonlySet<string> {
  const coordinates = new Set<string>();
  for (const definition of parse(sdl).definitions) {
    switch (definition.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
      case Kind.OBJECT_TYPE_EXTENSION:
      case Kind.INTERFACE_TYPE_DEFINITION:
      case Kind.INTERFACE_TYPE_EXTENSION:
        for (const field of definition.fields ?? [])
          coordinates.add(`${definition.name.value}.${field.name.value}`);
    }
  }
  return coordinates;
}
