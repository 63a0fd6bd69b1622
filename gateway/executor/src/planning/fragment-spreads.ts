import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  Kind,
  visit,
} from 'graphql';
import { PlanError } from './plan-error.ts';
import type { PlanSize } from './plan-size.ts';

/**
 * The document with every fragment written out where it is spread. Whoever looks at a fetch, to list what it asks for or
 * to leave some of it out, looks at its selections alone.
 *
 * @param document As a planner writes it: no fragment spreads itself.
 * @param size Told of each name that is written out: a few fragments that spread each other twice come to any length.
 * @throws PlanSizeError
 */
export function withoutSpreads(document: DocumentNode, size: PlanSize): DocumentNode {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  if (fragments.size === 0) return document;
  const definitions = document.definitions.filter(({ kind }) => kind !== Kind.FRAGMENT_DEFINITION);
  return visit(
    { ...document, definitions },
    {
      Name: ({ value }) => size.addText(value.length),
      FragmentSpread({ name, directives }): InlineFragmentNode {
        const fragment = fragments.get(name.value);
        if (fragment === undefined) throw new PlanError('NO_PLAN', 'A fetch of the plan lacks a fragment');
        const { typeCondition, selectionSet } = fragment;
        // What is put in place of a node is visited in turn.
        return {
          kind: Kind.INLINE_FRAGMENT,
          typeCondition,
          selectionSet,
          ...(directives === undefined ? {} : { directives }),
        };
      },
    },
  );
}
