/** Milliseconds by which answers of agencies are told apart; what took longer than the last one is counted beyond it. */
export const ANSWER_LIMITS = [5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] as const;

/** How one agency answered a gateway since its last report. Of requests it tells how many and how long, and nothing else. */
export interface AgencyReport {
  /** Name of the subgraph, `social-care`. */
  readonly agency: string;
  /** Whether it said so when it was asked just now. */
  readonly well: boolean;
  readonly answered: number;
  /** Requests to which there was no answer, or none that was one. */
  readonly unanswered: number;
  /** Of the answered, how many within each of `ANSWER_LIMITS` and not within the one before; the last place is beyond. */
  readonly within: readonly number[];
}
