import { OthersText } from '../layout/others-text.tsx';
import { type PageOfList, Pages, usePaging } from '../layout/pages.tsx';
import { Figure } from './figure.tsx';
import { ALERTS } from './queries.ts';

interface Alert {
  readonly id: string;
  readonly rule: string;
  readonly at: string;
  readonly practitionerId: string | null;
  readonly organisationId: string | null;
  readonly note: string | null;
}

const A_PAGE = 20;

export function Alerts() {
  const paging = usePaging();
  return (
    <Figure<Alert>
      title="Alerts to review"
      sentence="What the rules found that somebody should look at, newest first. An alert is a question, not a verdict."
      query={ALERTS}
      variables={{ first: A_PAGE, after: paging.after }}
      field="alerts"
      rowsOf={({ alerts }: { alerts: readonly Alert[] }) => alerts}
      columns={[
        { name: 'Rule', cell: ({ rule }) => rule.toLowerCase().replaceAll('_', ' ') },
        { name: 'At', cell: ({ at }) => new Date(at).toLocaleString('en-GB', { timeZone: 'Europe/London' }) },
        { name: 'Practitioner', cell: ({ practitionerId }) => practitionerId ?? '–' },
        { name: 'Organisation', cell: ({ organisationId }) => organisationId ?? '–' },
        { name: 'Note', cell: ({ note }) => (note === null ? '' : <OthersText text={note} />) },
      ]}
      nothing="No alerts."
      more={(page: PageOfList & { readonly alerts: readonly Alert[] }) => (
        <Pages of="alerts" paging={paging} page={page} shown={page.alerts.length} size={A_PAGE} />
      )}
    />
  );
}
