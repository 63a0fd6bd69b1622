import type { AccessOutcome } from '@contactpoint/audit-log/access-event';
import type { ExecutionResult } from '@contactpoint/executor/execution';

/** A mutation: whether the fetched data held a child, and so an answer of the agency that did it. Undefined for a query. */
export interface Deed {
  readonly answered: boolean;
}

/** How an executed operation ended. A mutation that was, or may have been, carried out was not refused. */
export function outcomeOf({ data, errors }: ExecutionResult, deed: Deed | undefined): AccessOutcome {
  if (errors.length === 0) return 'RELEASED';
  if (data != null && Object.values(data).some((value) => value !== null)) return 'PARTIAL';
  if (deed === undefined) return 'REFUSED';
  const isUntold = errors.some(({ extensions }) => extensions?.['code'] === 'SUBGRAPH_UNAVAILABLE');
  return deed.answered || isUntold ? 'PARTIAL' : 'REFUSED';
}
