import type { GraphiQLPlugin } from '@graphiql/react';

/**
 * The pane that shows what the schema says of a field, and where GraphiQL leads when a name is clicked. Undefined:
 * GraphiQL's own.
 */
export const REFERENCE_PLUGIN: GraphiQLPlugin | undefined = undefined;

/** The other panes beside the editor. No history: it would keep variables, which are values of a record. */
export const PLUGINS: GraphiQLPlugin[] = [];
