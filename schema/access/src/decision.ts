import type { Sector } from './sector.ts';
import type { ClassGrant, Sensitivity, SensitivityClass } from './sensitivity.ts';

export type Level = 'NONE' | 'MINIMAL' | 'FULL';

/** Why a field is withheld, in the order in which reasons are looked for; SILENT has no errors entry at all. */
export type WithheldReason = 'SCOPE' | 'POLICY' | 'PURPOSE' | 'RELATIONSHIP';

/** One cell of the decision: one class of one sector's record of one child. */
export interface ClassDecision {
  readonly level: Level;
  /**
   * Level as if the child were not shielded and nothing were sealed. Requests to subgraphs follow this one, so that a
   * silent denial makes the same requests as an allowed read.
   */
  readonly apparentLevel: Level;
  /** Why `level` is less than FULL, for fields that it leaves out; undefined where the denial is silent. */
  readonly reason: WithheldReason | undefined;
  /** Ids of the determining Cedar policies, sorted. */
  readonly policies: readonly string[];
}

/** What one caller may read of one child for one purpose. */
export interface Decision {
  of(sector: Sector, sensitivityClass: SensitivityClass): ClassDecision;
  /** All classes of one sector, as a grant carries them. */
  grantFor(sector: Sector): ClassGrant;
}

/** What becomes of one field of one child. */
export type Verdict =
  | { readonly released: true; readonly policies: readonly string[] }
  | {
      readonly released: false;
      readonly reason: WithheldReason | undefined;
      readonly policies: readonly string[];
    };

export function judge(decision: Decision, sector: Sector, { class: name, minimal }: Sensitivity): Verdict {
  if (name === 'REFERENCE') return { released: true, policies: [] };
  const { level, reason, policies } = decision.of(sector, name);
  if (level === 'FULL' || (minimal && level === 'MINIMAL')) return { released: true, policies };
  return { released: false, reason, policies };
}
