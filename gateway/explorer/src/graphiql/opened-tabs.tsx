import { useGraphiQL, useGraphiQLActions } from '@graphiql/react';
import { useEffect } from 'react';
import { takeOpened } from '../open-in-explorer.ts';

/** Puts what other views open into tabs of their own. */
export function OpenedTabs() {
  const { addTab } = useGraphiQLActions();
  const queryEditor = useGraphiQL(({ queryEditor }) => queryEditor);
  const variableEditor = useGraphiQL(({ variableEditor }) => variableEditor);
  useEffect(() => {
    if (queryEditor === undefined || variableEditor === undefined) return;
    return takeOpened(({ query, variables }) => {
      addTab();
      queryEditor.setValue(query);
      variableEditor.setValue(variables === undefined ? '' : JSON.stringify(variables, null, 2));
    });
  }, [addTab, queryEditor, variableEditor]);
  return null;
}
