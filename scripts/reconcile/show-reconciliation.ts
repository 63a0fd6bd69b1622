import { TOLERATED_SKEW } from './clock-skew.ts';
import { FINDING_KINDS, type Finding, type FindingKind } from './finding.ts';
import type { Reconciliation } from './reconcile.ts';
import type { SilentJournal } from './silent-journals.ts';
import type { ExplainedRequest } from './unanswered.ts';

/** Findings, explained requests and grants in no journal, shown one by one of each; `--json` has more. */
const MOST_SHOWN = 20;

/** The comparison for people: figures, what explains entries without event, clocks, and what should not be there. */
export function showReconciliation(reconciliation: Reconciliation): string {
  const {
    subgraphs,
    grants,
    unjournaled,
    unjournaledGrants,
    unreadable,
    explained,
    explainedRequests,
    silent,
    counts,
    findings,
  } = reconciliation;
  const lines = [
    ...Object.entries(subgraphs).map(
      ([subgraph, { requests, decoys }]) =>
        `${subgraph.padEnd(16)} ${plural(requests, 'request')} journaled${decoys === 0 ? '' : `, ${plural(decoys, 'number')} that nobody has`}`,
    ),
    `${'the log'.padEnd(16)} ${plural(grants, 'grant')}, ${unjournaled} of them in none of these journals`,
    ...first(unjournaledGrants, ({ at, jti, origin, index }) => `  ${at} ${jti} of ${origin} ${index}`),
    ...note(explained.bootEnded, 'without event: the gateway ended before it could answer'),
    ...note(explained.storeLost, 'without event: the log was out of reach, and the gateway refused'),
    ...note(explained.pruned, 'without event: of a time that is pruned from the log'),
    ...note(explained.underWay, 'without event so far: younger than a minute'),
    ...note(explained.noAnswer, 'whose event names not all the door found: it ended without an answer'),
    ...first(explainedRequests, showExplained),
    ...Object.entries(subgraphs).flatMap(([subgraph, { clock }]) => showClock(subgraph, clock)),
    ...Object.entries(counts).flatMap(([kind, count]) =>
      count === 0 ? [] : [`${kind}: ${plural(count, 'request')}, ${FINDING_KINDS[kind as FindingKind]}`],
    ),
    ...first(findings, showFinding),
    ...silent.map(showSilent),
    ...showUnreadable(unreadable),
    isSound(reconciliation) ? 'Nothing was shown past the log.' : 'The journals and the log do not agree.',
  ];
  return `${lines.join('\n')}\n`;
}

/** Whether nothing was found that should not be there; an explained entry is no finding. */
export function isSound({ counts, silent, unreadable }: Reconciliation): boolean {
  return unreadable.count === 0 && silent.length === 0 && Object.values(counts).every((count) => count === 0);
}

function showClock(
  subgraph: string,
  { ahead, behind }: { readonly ahead: number; readonly behind: number },
): string[] {
  const seconds = Math.max(ahead, behind);
  if (seconds < 1) return [];
  const much = `${seconds.toFixed(1)} s ${ahead > behind ? 'ahead of' : 'behind'} the gateway's`;
  const warning =
    seconds > TOLERATED_SKEW ? `: WARNING, beyond ${TOLERATED_SKEW} s an agency refuses grants` : '';
  return [`${subgraph.padEnd(16)} clock at least ${much}${warning}`];
}

function first<Item>(items: readonly Item[], show: (item: Item) => string): string[] {
  const more = items.length > MOST_SHOWN ? ['  … with --json there are more'] : [];
  return [...items.slice(0, MOST_SHOWN).map(show), ...more];
}

function showExplained(request: ExplainedRequest): string {
  const { why, origin, after, subgraph, at, practitioner, operation, jti } = request;
  return [
    `  ${at} ${subgraph} ${why} ${practitioner} ${operation} ${jti}`,
    `    of ${origin}${after === null ? '' : `, after ${after}`}`,
  ].join('\n');
}

function showSilent({ subgraph, requests, from, to, begins }: SilentJournal): string {
  const journal = begins === null ? 'its journal is empty' : `its journal begins at ${begins}`;
  return `SILENT_JOURNAL: ${plural(requests, 'released request')} of which ${subgraph} journaled none, ${from} to ${to}: ${journal}`;
}

function showUnreadable({ count, first: leaves }: Reconciliation['unreadable']): string[] {
  if (count === 0) return [];
  return [
    `UNREADABLE: ${count === 1 ? '1 leaf' : `${count} leaves`} of the log that no journal can be held against, being no event`,
    ...first(leaves, ({ origin, index }) => `  ${origin} ${index}`),
  ];
}

function showFinding(finding: Finding): string {
  const { kind, subgraph, at, practitioner, operation, jti, iss, index, children, coordinates } = finding;
  return [
    `  ${at} ${subgraph} ${kind} ${practitioner} ${operation} ${jti}`,
    ...(index === null ? [] : [`    was ${iss} ${index}`]),
    ...(children.length === 0 ? [] : [`    of ${children.join(', ')}`]),
    ...(coordinates.length === 0 ? [] : [`    ${coordinates.join(', ')}`]),
  ].join('\n');
}

function note(count: number, rest: string): string[] {
  return count === 0 ? [] : [`${''.padEnd(16)} ${plural(count, 'request')} ${rest}`];
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
