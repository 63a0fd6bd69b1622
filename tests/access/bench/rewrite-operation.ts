import {
  type DefinitionNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type OperationDefinitionNode,
  parse,
  print,
  type SelectionNode,
  visit,
} from 'graphql';
import type { Question } from './caller.ts';

/** The same operation in another shape: whoever asks it must not get more by it. */
export type Rewriting = (document: DocumentNode) => DocumentNode;

export function rewritten(question: Question, rewriting: Rewriting): Question {
  return { ...question, query: print(withoutUnused(rewriting(parse(question.query)))) };
}

/** Every named fragment where it is spread. */
export function inlined(document: DocumentNode): DocumentNode {
  const fragments = fragmentsOf(document);
  const expand = (node: DefinitionNode): DefinitionNode =>
    visit(node, {
      FragmentSpread({ name, directives = [] }) {
        const fragment = fragments.get(name.value);
        if (fragment === undefined) return undefined;
        const { typeCondition, selectionSet } = expand(fragment) as FragmentDefinitionNode;
        return { kind: Kind.INLINE_FRAGMENT, typeCondition, directives, selectionSet };
      },
    });
  return { ...document, definitions: document.definitions.filter(isOperation).map(expand) };
}

/** Every field under an alias of its own. */
export function aliased(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: {
      leave(node) {
        if (node.name.value.startsWith('__')) return undefined;
        const value = `alias_${(node.alias ?? node.name).value}`;
        return { ...node, alias: { kind: Kind.NAME, value } };
      },
    },
  });
}

/** Every selection set backwards. */
export function reordered(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      leave: (node) => ({ ...node, selections: node.selections.toReversed() }),
    },
  });
}

/** Every field on a condition that holds, unless it has one already. */
export function included(document: DocumentNode): DocumentNode {
  return visit(document, {
    Field: {
      leave(node) {
        const directives = node.directives ?? [];
        if (directives.some(({ name }) => name.value === 'include')) return undefined;
        return { ...node, directives: [...directives, condition('include', true)] };
      },
    },
  });
}

/** One field in three on a condition that does not hold. */
export function skipped(document: DocumentNode): DocumentNode {
  let seen = 0;
  return visit(document, {
    Field: {
      leave(node) {
        const has = node.directives?.some(({ name }) => name.value === 'skip');
        if (has || ++seen % 3 !== 0) return undefined;
        return { ...node, directives: [...(node.directives ?? []), condition('skip', true)] };
      },
    },
  });
}

/** Every field asked for twice, once within a fragment without a type. */
export function doubled(document: DocumentNode): DocumentNode {
  return visit(document, {
    SelectionSet: {
      leave: (node) => ({
        ...node,
        selections: [{ kind: Kind.INLINE_FRAGMENT, selectionSet: node }, ...node.selections],
      }),
    },
  });
}

/** The operation in two, each with every other selection at the root. */
export function halves(question: Question): readonly Question[] {
  return [0, 1].flatMap((half) => {
    const document = visit(inlined(parse(question.query)), {
      OperationDefinition(node: OperationDefinitionNode) {
        const selections = flattened(node.selectionSet.selections).filter(
          (_each, index) => index % 2 === half,
        );
        return { ...node, selectionSet: { ...node.selectionSet, selections } };
      },
    });
    const [operation] = document.definitions.filter(isOperation);
    if (operation === undefined || operation.selectionSet.selections.length === 0) return [];
    return [{ ...question, query: print(withoutUnused(document)) }];
  });
}

/** Fields of fragments at the root by themselves, with the fragments' conditions. */
function flattened(selections: readonly SelectionNode[]): SelectionNode[] {
  return selections.flatMap((selection): SelectionNode[] =>
    selection.kind !== Kind.INLINE_FRAGMENT
      ? [selection]
      : flattened(selection.selectionSet.selections).map((inside) => ({
          ...selection,
          selectionSet: { kind: Kind.SELECTION_SET, selections: [inside] },
        })),
  );
}

/** Validation takes neither fragments nor variables that nobody uses. */
function withoutUnused(document: DocumentNode): DocumentNode {
  const used = new Set<string>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void used.add(name.value),
  });
  return visit(document, {
    VariableDefinition: ({ variable }) => (used.has(variable.name.value) ? undefined : null),
  });
}

function condition(name: 'skip' | 'include', value: boolean): NonNullable<FieldNode['directives']>[number] {
  return {
    kind: Kind.DIRECTIVE,
    name: { kind: Kind.NAME, value: name },
    arguments: [
      { kind: Kind.ARGUMENT, name: { kind: Kind.NAME, value: 'if' }, value: { kind: Kind.BOOLEAN, value } },
    ],
  };
}

function fragmentsOf({ definitions }: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> {
  const fragments = definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  return new Map(fragments.map((node) => [node.name.value, node]));
}

function isOperation(node: DefinitionNode): node is OperationDefinitionNode {
  return node.kind === Kind.OPERATION_DEFINITION;
}
