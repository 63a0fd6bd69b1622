import { readyOperations } from './by-role.ts';
import type { ReadyOperation } from './ready-operation.ts';

/** An operation as GraphiQL's tabs take it. */
export interface ReadyTab {
  readonly query: string;
  /** JSON. */
  readonly variables: string | null;
}

/** The tabs that an editor begins with. */
export function readyTabs(role: string): ReadyTab[] {
  return readyOperations(role).map(readyTab);
}

/** With its sentence above the operation. */
export function readyTab({ sentence, query, variables }: ReadyOperation): ReadyTab {
  return {
    query: `# ${sentence}\n${query}`,
    variables: variables === undefined ? null : JSON.stringify(variables, null, 2),
  };
}
