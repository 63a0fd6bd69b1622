import type { SensitivityClass } from '../sensitivity.ts';
import type { DecisionChange, LoggedDecision } from './replay.ts';

/** Changes that are the same but for when, and of whose record, they would have happened. */
export interface ChangeGroup {
  readonly role: string;
  readonly purpose: string;
  readonly override: boolean;
  /** Sectors whose record it is: `HEALTH`, or `EDUCATION+HEALTH` where the coordinate stands in several. */
  readonly sector: string;
  readonly class: SensitivityClass;
  readonly coordinate: string;
  readonly effect: DecisionChange['effect'];
  /** Decisions that would change, whatever held. */
  readonly would: number;
  /** Decisions that would change if more than the log says was so. */
  readonly could: number;
  readonly oldPolicies: readonly string[];
  readonly newPolicies: readonly string[];
  /** Receipts of the first of them, `ORIGIN INDEX`: sure ones before possible ones. */
  readonly examples: readonly string[];
}

export interface ChangeTally {
  /** @param receipt `ORIGIN INDEX` of the event that recorded the decision. */
  add(receipt: string, decision: LoggedDecision, changes: readonly DecisionChange[]): void;
  /** Groups in order of role, purpose, sector, class and coordinate. */
  groups(): ChangeGroup[];
}

/** Receipts kept of each group. */
const EXAMPLES = 3;

interface Group {
  readonly head: Omit<ChangeGroup, 'would' | 'could' | 'oldPolicies' | 'newPolicies' | 'examples'>;
  readonly receipts: { readonly WOULD: string[]; readonly COULD: string[] };
  readonly counts: { WOULD: number; COULD: number };
  readonly oldPolicies: Set<string>;
  readonly newPolicies: Set<string>;
}

/** Counts changes group by group; what it keeps grows with what roles and coordinates there are, not with the log. */
export function createChangeTally(): ChangeTally {
  const groups = new Map<string, Group>();
  return {
    add(receipt, { role, purpose, override }, changes) {
      for (const change of changes) {
        const { coordinate, class: name, effect, certainty } = change;
        const sector = change.sectors.join('+');
        const head = { role, purpose, override, sector, class: name, coordinate, effect };
        const key = Object.values(head).join(' ');
        const group = groups.get(key) ?? emptyGroup(head);
        groups.set(key, group);
        group.counts[certainty] += 1;
        const receipts = group.receipts[certainty];
        if (receipts.length < EXAMPLES && !receipts.includes(receipt)) receipts.push(receipt);
        for (const id of change.oldPolicies) group.oldPolicies.add(id);
        for (const id of change.newPolicies) group.newPolicies.add(id);
      }
    },
    groups: () =>
      [...groups.entries()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, { head, receipts, counts, oldPolicies, newPolicies }]) => ({
          ...head,
          would: counts.WOULD,
          could: counts.COULD,
          oldPolicies: [...oldPolicies].sort(),
          newPolicies: [...newPolicies].sort(),
          examples: [...receipts.WOULD, ...receipts.COULD].slice(0, EXAMPLES),
        })),
  };
}

function emptyGroup(head: Group['head']): Group {
  return {
    head,
    receipts: { WOULD: [], COULD: [] },
    counts: { WOULD: 0, COULD: 0 },
    oldPolicies: new Set(),
    newPolicies: new Set(),
  };
}
