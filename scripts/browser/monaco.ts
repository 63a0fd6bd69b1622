/** Texts of GraphiQL's editors, by the names of their files. */
export const EDITORS = {
  operation: 'operation.graphql',
  variables: 'variables.json',
  answer: 'response.json',
} as const;

/** An expression for Monaco's text of an editor, which GraphiQL leaves where scripts find it. */
export function modelOf(editor: keyof typeof EDITORS): string {
  return `globalThis.__MONACO?.editor.getModels().find(({ uri }) => uri.path.endsWith('${EDITORS[editor]}'))`;
}
