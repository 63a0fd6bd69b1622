import type { Sector } from './sector.ts';
import { type ClassGrant, opens, type Sensitivity, type SensitivityClass } from './sensitivity.ts';

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
  /** Why `apparentLevel` is less than FULL; undefined where it is FULL, and for SEALED, whose denial is always silent. */
  readonly reason: WithheldReason | undefined;
  /** The same for the minimal subset: why `apparentLevel` is NONE. Another purpose may open it where none opens the rest. */
  readonly minimalReason: WithheldReason | undefined;
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

export function judge(decision: Decision, sector: Sector, sensitivity: Sensitivity): Verdict {
  const { class: name, minimal } = sensitivity;
  if (name === 'REFERENCE') return { released: true, policies: [] };
  const { level, apparentLevel, reason, minimalReason, policies } = decision.of(sector, name);
  if (opens(level, sensitivity)) return { released: true, policies };
  // A field that would be open but for the shield is silent; its neighbour that never was says why, shield or not.
  if (opens(apparentLevel, sensitivity)) return { released: false, reason: undefined, policies };
  return { released: false, reason: minimal ? minimalReason : reason, policies };
}
