import { FAULTS, type Fault } from './fault.ts';
import type { LogReport, VerificationReport } from './report.ts';

/** Names of files that stand in a remark. */
const MOST_NAMED = 5;

/** Runs of pruned leaves, and receipts of their pruning, that stand in one; `--json` has all. */
const MOST_RANGES = 50;

const COLUMNS = ['events', 'checkpoints', 'covered', 'tiles', 'pruned'] as const;

/** A report for people: what was looked at, what stays open, and what is wrong, last, where it is seen. */
export function showReport(report: VerificationReport): string {
  const { logs, faults, omittedFaults } = report;
  const blocks = [
    showTable(logs),
    showFigures(report),
    ...logs.flatMap(showRemarks),
    ...showStrays(report.strays),
    ...faults.map(showFault),
  ];
  if (omittedFaults > 0) blocks.push(`and ${count(omittedFaults)} more like these`);
  blocks.push(report.sound ? 'SOUND' : `NOT SOUND: ${count(faults.length + omittedFaults)} faults`);
  return `${blocks.join('\n')}\n`;
}

function showTable(logs: readonly LogReport[]): string {
  const rows = [
    ['log', ...COLUMNS],
    ...logs.map((log) => [
      log.origin,
      ...[log.leaves, log.checkpoints, log.covered, log.tiles, log.pruned].map((figure) => count(figure)),
    ]),
  ];
  const widths =
    rows[0]?.map((_cell, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0, column))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function pad(cell: string, width: number, column: number): string {
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function showFigures({ logs, leaves, milliseconds }: VerificationReport): string {
  const checkpoints = logs.reduce((sum, log) => sum + log.checkpoints, 0);
  const rate = Math.round((leaves / Math.max(milliseconds, 1)) * 1000);
  return (
    `\n${count(leaves)} events and ${count(checkpoints)} checkpoints of ${count(logs.length)} logs ` +
    `in ${(milliseconds / 1000).toFixed(1)} s, ${count(rate)} events a second`
  );
}

/** What is no fault, and nothing to be silent about either. */
function showRemarks(log: LogReport): string[] {
  const { origin, leaves, covered, openIntents, firstOpenIntents, cosigned } = log;
  const remarks: string[] = [];
  if (leaves > covered)
    remarks.push(`${origin}: no checkpoint covers the last ${count(leaves - covered)} events`);
  if (log.pruned > 0) {
    const ranges = log.prunedRanges.map(([first, last]) =>
      first === last ? `${first}` : `${first}-${last}`,
    );
    const by = log.prunedBy.length === 0 ? 'nothing' : someOf(log.prunedBy, ', ');
    remarks.push(
      `${origin}: ${count(log.pruned)} events are pruned: ${someOf(ranges, ',')}\n  named by ${by}`,
    );
  }
  if (openIntents > 0) {
    const more = openIntents > firstOpenIntents.length ? ' …' : '';
    remarks.push(
      `${origin}: ${count(openIntents)} intents without outcome: ${firstOpenIntents.join(' ')}${more}`,
    );
  }
  for (const [witness, { checkpoints, size, at, behind }] of Object.entries(cosigned)) {
    const last = at === undefined ? '' : `, last at ${at}`;
    const since =
      behind.checkpoints === 0
        ? ''
        : `; not the newest ${count(behind.checkpoints)}, with ${count(behind.leaves)} events more`;
    remarks.push(
      `${origin}: ${witness} has signed ${count(checkpoints)} checkpoints, up to ${count(size)}${last}${since}`,
    );
  }
  return remarks;
}

function someOf(names: readonly string[], between: string): string {
  const more = names.length > MOST_RANGES ? ' …' : '';
  return `${names.slice(0, MOST_RANGES).join(between)}${more}`;
}

function showStrays(strays: readonly string[]): string[] {
  if (strays.length === 0) return [];
  const named = strays.slice(0, MOST_NAMED).map((name) => JSON.stringify(name));
  const more = strays.length > named.length ? ' …' : '';
  return [`${count(strays.length)} files belong to no log and were not looked at: ${named.join(' ')}${more}`];
}

function showFault({ code, origin, index, message }: Fault): string {
  const place = index === undefined ? origin : `${origin} ${index}`;
  return `${code} ${place}\n  ${message} (${FAULTS[code]})`;
}

function count(figure: number): string {
  return figure.toLocaleString('en-GB');
}
