import { type AgencyReport, ANSWER_LIMITS } from '@contactpoint/access/agency-report';
import type { ExecutorOptions } from '@contactpoint/executor/execution';
import { createSubgraphClient } from '@contactpoint/executor/subgraphs/subgraph-client';

type Times = Pick<AgencyReport, 'answered' | 'unanswered' | 'within'>;

/** How agencies answer what requests ask them. */
export interface AgencyTimes {
  /** Reaches a subgraph and measures it on the way. */
  readonly connect: NonNullable<ExecutorOptions['connect']>;
  /** What was measured since the last call, by name of the subgraph; one that was asked nothing is not in it. */
  take(): ReadonlyMap<string, Times>;
}

/** @param open How subgraphs are reached. */
export function createAgencyTimes(
  monotonic: () => number,
  open: NonNullable<ExecutorOptions['connect']> = createSubgraphClient,
): AgencyTimes {
  let measured = new Map<string, { answered: number; unanswered: number; within: number[] }>();
  const timesOf = (subgraph: string) => {
    let times = measured.get(subgraph);
    if (times === undefined) {
      times = { answered: 0, unanswered: 0, within: new Array<number>(ANSWER_LIMITS.length + 1).fill(0) };
      measured.set(subgraph, times);
    }
    return times;
  };
  return {
    connect(options, subgraph) {
      const client = open(options, subgraph);
      return {
        async ask(request, abandonment, deadline) {
          const began = monotonic();
          const answer = await client.ask(request, abandonment, deadline);
          // Whom nobody waited for any more did not fail.
          if (abandonment?.isAbandoned === true) return answer;
          const times = timesOf(subgraph);
          if (answer.kind === 'UNAVAILABLE') times.unanswered++;
          else {
            times.answered++;
            const place = placeOf(monotonic() - began);
            times.within[place] = (times.within[place] ?? 0) + 1;
          }
          return answer;
        },
        close: () => client.close(),
      };
    },
    take() {
      const taken = measured;
      measured = new Map();
      return taken;
    },
  };
}

function placeOf(milliseconds: number): number {
  const place = ANSWER_LIMITS.findIndex((limit) => milliseconds <= limit);
  return place < 0 ? ANSWER_LIMITS.length : place;
}
