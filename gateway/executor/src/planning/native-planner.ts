/** The only file that calls the planner (Hive Router's, MIT; docs/adr/0054); `translate-plan.ts` puts its plans into our words. */
import { type QueryPlan, QueryPlanner } from '@graphql-hive/router-query-planner';

/** Makes plans of texts, for one supergraph. */
export interface QueryPlanning {
  /**
   * @param query One operation without conditions.
   * @throws PlannerFailure where the planner is in a thread; where it is not, whatever it throws where there is no plan.
   */
  plan(query: string): QueryPlan;
  close(): Promise<void>;
}

/** Above every `percent(x)`: a field stays with the subgraph that it is to leave until a label says otherwise. */
const NOBODY = 100;

/**
 * In the thread that calls it, which it holds up while it reads the supergraph: milliseconds for seven subgraphs, a quarter
 * of a second for 200 (`npm run bench -- swap`).
 */
export function planInThisThread(
  supergraphSdl: string,
  overrideLabels: ReadonlySet<string> = new Set(),
): QueryPlanning {
  const planner = new QueryPlanner(supergraphSdl);
  const labels = new Set(overrideLabels);
  return {
    plan: (query) => planner.plan(query, undefined, labels, NOBODY),
    close: async () => {},
  };
}
