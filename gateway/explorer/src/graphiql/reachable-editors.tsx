import { type MonacoEditor, useGraphiQL, useMonaco } from '@graphiql/react';
import { useEffect } from 'react';

/** Lets the Tab key lead out of each editor, as out of any field, and gives it a name of its own. */
export function ReachableEditors() {
  const monaco = useMonaco(({ monaco }) => monaco);
  const queryEditor = useGraphiQL(({ queryEditor }) => queryEditor);
  useEffect(() => {
    if (monaco === undefined || queryEditor === undefined) return;
    // One switch for all editors of the page, and it can be turned over alone.
    if (queryEditor.getOption(monaco.editor.EditorOption.tabFocusMode)) return;
    queryEditor.trigger('explorer', 'editor.action.toggleTabFocusMode', null);
  }, [monaco, queryEditor]);
  useName(queryEditor, 'Operation');
  useName(
    useGraphiQL(({ variableEditor }) => variableEditor),
    'Variables, JSON',
  );
  useName(
    useGraphiQL(({ responseEditor }) => responseEditor),
    'Answer, JSON',
  );
  return null;
}

function useName(editor: MonacoEditor | undefined, ariaLabel: string): void {
  useEffect(() => editor?.updateOptions({ ariaLabel }), [editor, ariaLabel]);
}
