import type { AccessOutcome } from '@contactpoint/audit-log/access-event';
import type { ExecutionResult } from '@contactpoint/executor/execution';

/** Codes of errors that do not tell whether a deed was done: no answer came, or it may not be shown. */
const UNTOLD: ReadonlySet<unknown> = new Set(['SUBGRAPH_UNAVAILABLE', 'UNAUTHORIZED_FIELD_OR_TYPE']);

/** How an executed operation ended. A mutation that was, or may have been, carried out was not refused. */
export function outcomeOf({ data, errors }: ExecutionResult, isMutation: boolean): AccessOutcome {
  if (errors.length === 0) return 'RELEASED';
  if (data != null && Object.values(data).some((value) => value !== null)) return 'PARTIAL';
  const isUntold = isMutation && errors.some(({ extensions }) => UNTOLD.has(extensions?.['code']));
  return isUntold ? 'PARTIAL' : 'REFUSED';
}
