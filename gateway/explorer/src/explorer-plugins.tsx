import { DocsIcon, type GraphiQLPlugin } from '@graphiql/react';
import { AccessPane } from './access-pane/access-pane.tsx';
import { ReceiptIcon } from './access-pane/receipt-icon.tsx';
import { FieldsPane } from './fields/fields-pane.tsx';

/** The pane that shows what the schema says of a field, and where GraphiQL leads when a name is clicked. */
export const REFERENCE_PLUGIN: GraphiQLPlugin = {
  title: 'Fields',
  icon: () => <DocsIcon />,
  content: FieldsPane,
};

/** The other panes beside the editor. No history: it would keep variables, which are values of a record. */
export const PLUGINS: GraphiQLPlugin[] = [
  { title: 'Access', icon: () => <ReceiptIcon />, content: AccessPane },
];
