import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import '../styles/graphiql.css';
import type { Fetcher } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useCallback, useMemo, useState } from 'react';
import { useAsk } from '../asking/ask.ts';
import { PLUGINS, REFERENCE_PLUGIN } from '../explorer-plugins.tsx';
import { useShownTheme } from '../layout/theme.ts';
import { readyTabs } from '../ready-operations/ready-tabs.ts';
import { useSession } from '../session/session.ts';
import { AnswerFooter } from './answer-footer.tsx';
import { AnswerNotice } from './answer-notice.tsx';
import { LastRunContext, type Run } from './last-run.ts';
import { NO_STORAGE } from './no-storage.ts';
import { OpenedTabs } from './opened-tabs.tsx';
import { OperationTabs } from './operation-tabs.tsx';
import { ReachableEditors } from './reachable-editors.tsx';
import { RefreshedSchema } from './refreshed-schema.tsx';
import { KnownRuns, KnownRunsContext } from './shown-answer.ts';

/** Name of the operation by which GraphiQL asks for the schema. */
const INTROSPECTION = 'IntrospectionQuery';

/** GraphiQL on the pipeline. It stores nothing in the browser: tabs hold variables, which are values of a record. */
export default function GraphiqlView() {
  const ask = useAsk();
  const session = useSession();
  const theme = useShownTheme();
  const [lastRun, setLastRun] = useState<Run>();
  const [known] = useState(() => new KnownRuns());
  const fetcher = useCallback<Fetcher>(
    async ({ query, variables, operationName }) => {
      const isOfSchema = operationName === INTROSPECTION;
      // GraphiQL learns of a new name a moment after it was typed, and whoever is quick would run what is not there.
      const isNamed = operationName != null && query.includes(operationName);
      const operation = { query, variables, operationName: isNamed ? operationName : undefined };
      const answer = await ask({ ...operation, mayBreakGlass: !isOfSchema });
      if (!isOfSchema) {
        const run = { operation, answer };
        known.add(run);
        setLastRun(run);
      }
      const { data, errors } = answer;
      return errors.length === 0 ? { data } : ({ data, errors } as never);
    },
    [ask, known],
  );
  const [defaultTabs] = useState(() => readyTabs(session?.practitioner.role ?? ''));
  const [tabsPlace, setTabsPlace] = useState<HTMLElement | null>(null);
  const plugins = useMemo(() => PLUGINS, []);
  return (
    <LastRunContext value={lastRun}>
      <KnownRunsContext value={known}>
        <AnswerNotice />
        <div ref={setTabsPlace} className="operation-tabs" />
        <GraphiQL
          className="explorer-graphiql"
          fetcher={fetcher}
          storage={NO_STORAGE}
          defaultTabs={defaultTabs}
          // Of the first tab GraphiQL takes the operation alone.
          initialVariables={defaultTabs[0]?.variables ?? ''}
          defaultEditorToolsVisibility="variables"
          plugins={plugins}
          referencePlugin={REFERENCE_PLUGIN}
          isHeadersEditorEnabled={false}
          shouldPersistHeaders={false}
          showPersistHeadersSettings={false}
          forcedTheme={theme}
        >
          <GraphiQL.Logo>{null}</GraphiQL.Logo>
          <GraphiQL.Footer>
            <AnswerFooter />
          </GraphiQL.Footer>
          <OperationTabs place={tabsPlace} />
          <ReachableEditors />
          <OpenedTabs />
          <RefreshedSchema />
        </GraphiQL>
      </KnownRunsContext>
    </LastRunContext>
  );
}
