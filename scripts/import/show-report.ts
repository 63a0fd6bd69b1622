import type { ImportRemark, ImportReport } from '@contactpoint/subgraph-kit/import-report';

/** Lines named of each reason; the whole list goes into the file that `--report` names. */
const LINES_SHOWN = 5;

/** The report for a person: figures, then how often each reason was met and where first. Never a value. */
export function showReport(report: ImportReport): string {
  const { rows, accepted, updated, unchanged, quarantined, dropped } = report;
  const lines = [
    `${report.source}: ${rows} rows`,
    `  ${accepted} accepted, ${updated} updated, ${unchanged} unchanged, ${quarantined.length} quarantined`,
    ...kindsOf(report),
  ];
  if (quarantined.length > 0) lines.push('Quarantined, not taken:', ...reasons(quarantined));
  if (dropped.length > 0) lines.push('Dropped, the row was taken without it:', ...reasons(dropped));
  return `${lines.join('\n')}\n`;
}

/** Figures by kind of row, where the report has them. */
function kindsOf(
  report: ImportReport & { readonly kinds?: Readonly<Record<string, Readonly<Figures>>> },
): string[] {
  return Object.entries(report.kinds ?? {})
    .filter(([, figures]) => figures.rows > 0)
    .map(
      ([kind, { rows, accepted, updated, unchanged, quarantined }]) =>
        `  ${kind}: ${rows} rows, ${accepted} accepted, ${updated} updated, ${unchanged} unchanged, ${quarantined} quarantined`,
    );
}

interface Figures {
  rows: number;
  accepted: number;
  updated: number;
  unchanged: number;
  quarantined: number;
}

function reasons(remarks: readonly ImportRemark[]): string[] {
  const groups = Map.groupBy(remarks, ({ reason, field, file }) =>
    [reason, ...(field === undefined ? [] : [field]), file].join(' '),
  );
  return [...groups].map(([group, members]) => {
    const first = members.slice(0, LINES_SHOWN).map(({ line }) => line);
    const more = members.length > LINES_SHOWN ? ' …' : '';
    return `  ${members.length} × ${group}, line ${first.join(', ')}${more}`;
  });
}
