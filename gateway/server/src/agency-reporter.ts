import { ANSWER_LIMITS } from '@contactpoint/access/agency-report';
import type { Logger } from 'pino';
import type { ReportAgencies } from './subgraphs/agency-reports.ts';
import type { AgencyTimes } from './subgraphs/agency-times.ts';

/** Tells oversight now and then how agencies answer. */
export interface AgencyReporter {
  close(): Promise<void>;
}

/** Milliseconds between two reports. */
const INTERVAL = 10_000;

/** Of an agency that was asked nothing. */
const NOTHING = { answered: 0, unanswered: 0, within: new Array<number>(ANSWER_LIMITS.length + 1).fill(0) };

export interface AgencyReporterOptions {
  /** GraphQL endpoint by subgraph name. */
  readonly endpoints: Readonly<Record<string, string>>;
  readonly times: Pick<AgencyTimes, 'take'>;
  readonly isWell: (endpoint: string) => Promise<boolean>;
  readonly report: ReportAgencies;
  readonly logger: Logger;
  readonly interval?: number;
}

/** What oversight does not take is lost: the next report says how it is then. */
export function createAgencyReporter(options: AgencyReporterOptions): AgencyReporter {
  const { endpoints, times, isWell, report, logger, interval = INTERVAL } = options;
  let failing = false;
  let turn: Promise<void> | undefined;
  const look = async (): Promise<void> => {
    try {
      const measured = times.take();
      const agencies = Object.entries(endpoints).map(async ([agency, endpoint]) => ({
        agency,
        well: await isWell(endpoint),
        ...(measured.get(agency) ?? NOTHING),
      }));
      await report(await Promise.all(agencies));
      failing = false;
    } catch (cause) {
      if (!failing) logger.warn({ type: cause instanceof Error ? cause.name : typeof cause }, NOT_REPORTED);
      failing = true;
    }
  };
  const timer = setInterval(() => {
    turn ??= look().finally(() => {
      turn = undefined;
    });
  }, interval);
  return {
    async close() {
      clearInterval(timer);
      await turn;
    },
  };
}

const NOT_REPORTED = 'oversight was not told how agencies answer';
