import type { GatewayRow } from './measure.ts';

const HEADINGS = [
  ['operation', 11],
  ['gateway', 13],
  ['callers', 9],
  ['requests/s', 12],
  ['p50 ms', 9],
  ['p99 ms', 9],
  ['CPU µs', 9],
  ['MB', 7],
  ['subgraph requests', 19],
] as const;

/** One table, a line for each gateway, operation and number of callers. */
export function showGateways(rows: readonly GatewayRow[]): string {
  const lines = rows.map((row) =>
    lineOf([
      row.operation,
      row.gateway,
      String(row.callers),
      row.rps.toFixed(0),
      row.p50Ms.toFixed(2),
      row.p99Ms.toFixed(2),
      row.cpuMicros.toFixed(0),
      row.rssMb.toFixed(0),
      row.subgraphRequests.toFixed(2),
    ]),
  );
  return `${[lineOf(HEADINGS.map(([name]) => name)), ...lines].join('\n')}\n`;
}

function lineOf(cells: readonly string[]): string {
  return cells
    .map((cell, place) => {
      const width = HEADINGS[place]?.[1] ?? 0;
      return place < 2 ? cell.padEnd(width) : cell.padStart(width);
    })
    .join('');
}
