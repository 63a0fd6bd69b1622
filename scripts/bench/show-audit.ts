import type { AppendFigures } from './append-load.ts';
import type { AuditFigures, SizeFigures } from './audit.ts';

/** What the project has promised of the log, with 64 callers and an idle machine of two cores. */
const GOALS = {
  /** Events a second, of the smallest and of a joined view's. */
  perSecond: [20_000, 8_000],
  p99: 20,
  cpu: 25,
  share: 0.1,
  verified: 100_000,
} as const;

export function showAudit(figures: AuditFigures): string {
  const rows: (readonly [string, string, string])[] = [
    ...figures.sizes.flatMap((size, place) => showSize(size, GOALS.perSecond[place] ?? 0)),
    [`Joined views with ${figures.callers} callers`, `${figures.view.perSecond}/s`, ''],
    ['  CPU of one, all processes', us(figures.view.cpu), ''],
    ['  of it for its event', percent(figures.share), `≤ ${percent(GOALS.share)}`],
    ['Verified', `${figures.verified}/s`, `≥ ${GOALS.verified}/s`],
  ];
  const lines = rows.map(([name, value, goal]) =>
    `${name.padEnd(44)}${value.padStart(12)}   ${goal}`.trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

function showSize(
  { name, size, encoding, alone, signed }: SizeFigures,
  goal: number,
): (readonly [string, string, string])[] {
  const load = (figures: AppendFigures) =>
    [
      ['    99th percentile', `${figures.p99.toFixed(1)} ms`, `≤ ${GOALS.p99} ms`],
      ['    CPU of the gateway, encoding and all', us(encoding + figures.cpu), `≤ ${GOALS.cpu} µs`],
      ['    CPU of the database', us(figures.serverCpu), ''],
    ] as const;
  return [
    [`Events of ${size} bytes (${name})`, '', ''],
    ['  encoding one', us(encoding), ''],
    ['  appended, nothing else running', `${alone.perSecond}/s`, `≥ ${goal}/s`],
    ...load(alone),
    ['  with signer, tiles and projection', `${signed.perSecond}/s`, `≥ ${goal}/s`],
    ...load(signed),
  ];
}

function us(value: number): string {
  return `${value.toFixed(1)} µs`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
