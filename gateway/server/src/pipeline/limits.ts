import { AccessError } from '@contactpoint/access/access-error';
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** Largest operation taken, counted with its fragments spread out. A joined view with everything has some 130 fields. */
export const OPERATION_LIMITS = {
  /** Fields below one another; the explorers' introspection goes 15 deep. */
  depth: 16,
  fields: 600,
  /** Fields of one object; a child has some 40. */
  breadth: 120,
  aliases: 60,
  rootFields: 20,
  /** Deeds of a mutation: what only an agency can refuse would leave half of several done. */
  mutationFields: 1,
  /** Fragments followed, named and inline; those that hold no field would otherwise multiply or nest unseen. */
  spreads: 300,
  /** Lexical tokens of the document. */
  tokens: 5_000,
  /** Values that the answer may hold: see operation-cost.ts. A joined view of everything comes to some 600. */
  cost: 20_000,
  /** Of the document; longer texts are no operations, but literals that belong into variables. */
  characters: 50_000,
} as const;

/**
 * Fragments are followed wherever they are spread, so that a document of a few lines that multiplies itself is counted
 * as what it asks for. One that nobody spreads counts once: it is validated all the same, and validation compares each
 * of its fields with each other. Counting stops at the first limit passed.
 *
 * @throws AccessError OPERATION_TOO_COMPLEX naming the limit.
 */
export function checkLimits(document: DocumentNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  let fields = 0;
  let aliases = 0;
  let spreads = 0;
  const followed = new Set<string>();

  const count = (selectionSet: SelectionSetNode, depth: number, spread: readonly string[]): number => {
    let ofThisSet = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) {
        ofThisSet++;
        fields++;
        if (selection.alias !== undefined) aliases++;
        refuseOver('fields', fields);
        refuseOver('aliases', aliases);
        refuseOver('depth', depth);
        if (selection.selectionSet !== undefined)
          refuseOver('breadth', count(selection.selectionSet, depth + 1, spread));
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        refuseOver('spreads', ++spreads);
        ofThisSet += count(selection.selectionSet, depth, spread);
      } else {
        refuseOver('spreads', ++spreads);
        const name = selection.name.value;
        const fragment = fragments.get(name);
        // A fragment within itself is for validation to refuse; here it must only not be followed for ever.
        if (fragment === undefined || spread.includes(name)) continue;
        followed.add(name);
        ofThisSet += count(fragment.selectionSet, depth, [...spread, name]);
      }
    }
    return ofThisSet;
  };

  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    refuseOver('rootFields', count(definition.selectionSet, 1, []));
  }
  for (const [name, { selectionSet }] of fragments) {
    if (!followed.has(name)) refuseOver('breadth', count(selectionSet, 1, [name]));
  }
}

/** @throws AccessError OPERATION_TOO_COMPLEX where more was measured than the limit allows. */
export function refuseOver(limit: keyof typeof OPERATION_LIMITS, measured: number): void {
  if (measured <= OPERATION_LIMITS[limit]) return;
  throw new AccessError(
    'OPERATION_TOO_COMPLEX',
    `The operation passes the limit of ${OPERATION_LIMITS[limit]} ${limit}`,
    {
      extensions: { limit },
    },
  );
}
