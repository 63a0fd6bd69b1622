import {
  type FragmentDefinitionNode,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  getDirectiveValues,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  visit,
} from 'graphql';

/** Whether a selection is there at all. */
export type SelectionTest = (selection: SelectionNode) => boolean;

/** @param variables Coerced; those that `conditionsOf` names. */
export function isIncluded(selection: SelectionNode, variables: Readonly<Record<string, unknown>>): boolean {
  if (!selection.directives?.length) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, variables);
  if (skip?.if === true) return false;
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, variables);
  return include?.if !== false;
}

/** Whether there are variables with which the selection is there. */
export const mayBeIncluded: SelectionTest = ({ directives = [] }) =>
  directives.every(({ name, arguments: args = [] }) => {
    const value = args.find((it) => it.name.value === 'if')?.value;
    if (value?.kind !== Kind.BOOLEAN) return true;
    if (name.value === GraphQLSkipDirective.name) return !value.value;
    return name.value !== GraphQLIncludeDirective.name || value.value;
  });

/** Whether a directive is one of those that leave selections out. */
export function isCondition(directive: { readonly name: { readonly value: string } }): boolean {
  const { value } = directive.name;
  return value === GraphQLSkipDirective.name || value === GraphQLIncludeDirective.name;
}

/** Names of the variables by which selections are left out. */
export function conditionsOf(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] {
  const names = new Set<string>();
  for (const definition of [operation, ...fragments.values()]) {
    visit(definition, {
      Directive(directive) {
        if (!isCondition(directive)) return;
        for (const { value } of directive.arguments ?? [])
          if (value.kind === Kind.VARIABLE) names.add(value.name.value);
      },
    });
  }
  return [...names].sort();
}
