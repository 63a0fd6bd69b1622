import type { Who } from './access-question.ts';
import { attainable, type Decide } from './decide.ts';
import { judge, type Level, type Verdict, type WithheldReason } from './decision.ts';
import type { Facts } from './facts.ts';
import { PURPOSES, type PurposeOfUse } from './purpose.ts';
import { ROLE_SECTORS, type Role } from './role.ts';
import type { Sector } from './sector.ts';
import type { SensitivityClass } from './sensitivity.ts';

/** Who asks, in what situation. */
export interface Situation {
  readonly role: Role;
  readonly purpose: PurposeOfUse;
  /** Break-glass. */
  readonly override: boolean;
  readonly facts: Facts;
}

/** What an answer says of a field that is withheld: a reason, or nothing at all. */
export type Denial = WithheldReason | 'SILENT';

/** Why one class of one sector's record is open to a situation, or not. */
export interface Explanation {
  readonly sector: Sector;
  readonly class: SensitivityClass;
  readonly level: Level;
  /** Of the minimal subset; undefined where it is released. */
  readonly minimalDenial: Denial | undefined;
  /** Of the other fields; undefined where they are released. */
  readonly denial: Denial | undefined;
  /** Least changes of the situation that open more; none where nothing that the role could bring would. */
  readonly remedies: readonly Remedy[];
  /** Ids of the deciding policies; none where no policy permits. */
  readonly policies: readonly string[];
}

/** What would have to be otherwise, all of it together. */
export interface Remedy {
  readonly purpose?: PurposeOfUse;
  readonly relationship?: Facts['relationship'];
  readonly ownRecord?: true;
  readonly override?: true;
  /** Level that it leads to. */
  readonly level: Level;
}

/** Explains one cell of the decision, with the deciding policies and what would change it. */
export function explain(
  decide: Decide,
  situation: Situation,
  sector: Sector,
  name: SensitivityClass,
): Explanation {
  const decision = decideIn(decide, situation);
  const { level, policies } = decision.of(sector, name);
  const denialOf = (minimal: boolean) => denialIn(judge(decision, sector, { class: name, minimal }));
  return {
    sector,
    class: name,
    level,
    minimalDenial: denialOf(true),
    denial: denialOf(false),
    remedies: level === 'FULL' ? [] : findRemedies(decide, situation, level, sector, name),
    policies,
  };
}

/** From least to most. A shield is none of the changes: nothing that a caller can bring lifts it. */
const RELATIONSHIPS = ['NONE', 'TEAM', 'ALLOCATED'] as const;

const RANK: Record<Level, number> = { NONE: 0, MINIMAL: 1, FULL: 2 };

interface Candidate {
  readonly situation: Situation;
  readonly changes: Omit<Remedy, 'level'>;
  /** How many attributes change. */
  readonly size: number;
}

function findRemedies(
  decide: Decide,
  situation: Situation,
  level: Level,
  sector: Sector,
  name: SensitivityClass,
): Remedy[] {
  const remedies: Remedy[] = [];
  for (const candidate of candidatesFrom(situation).sort((a, b) => a.size - b.size)) {
    const { purpose, override } = candidate.situation;
    const best = attainable(decide, whoIs(situation.role), purpose, override).of(sector, name).level;
    if (RANK[best] <= RANK[level]) continue;
    const reached = decideIn(decide, candidate.situation).of(sector, name).level;
    if (RANK[reached] <= RANK[level]) continue;
    // What already suffices is not named again with another change beside it.
    const known = remedies.some(
      (remedy) => RANK[remedy.level] >= RANK[reached] && includes(candidate.changes, remedy),
    );
    if (!known) remedies.push({ ...candidate.changes, level: reached });
  }
  return remedies;
}

/** Every situation with more rights than this one, or with another purpose. */
function candidatesFrom(situation: Situation): Candidate[] {
  const { facts } = situation;
  const purposes = Object.keys(PURPOSES) as PurposeOfUse[];
  const relationships = RELATIONSHIPS.slice(RELATIONSHIPS.indexOf(facts.relationship));
  const candidates: Candidate[] = [];
  for (const purpose of purposes)
    for (const relationship of relationships)
      for (const ownRecord of new Set([facts.ownRecord, true]))
        for (const override of new Set([situation.override, true])) {
          const changes = {
            ...(purpose === situation.purpose ? {} : { purpose }),
            ...(relationship === facts.relationship ? {} : { relationship }),
            ...(ownRecord === facts.ownRecord ? {} : { ownRecord: true as const }),
            ...(override === situation.override ? {} : { override: true as const }),
          };
          candidates.push({
            situation: { ...situation, purpose, override, facts: { ...facts, relationship, ownRecord } },
            changes,
            size: Object.keys(changes).length,
          });
        }
  return candidates;
}

/** Whether the changes hold everything that the remedy asks for; a stronger relationship counts as the weaker one too. */
function includes(changes: Omit<Remedy, 'level'>, remedy: Remedy): boolean {
  const rank = (relationship: Facts['relationship'] = 'NONE') => RELATIONSHIPS.indexOf(relationship);
  return (
    (remedy.purpose === undefined || changes.purpose === remedy.purpose) &&
    rank(changes.relationship) >= rank(remedy.relationship) &&
    (remedy.ownRecord === undefined || changes.ownRecord === true) &&
    (remedy.override === undefined || changes.override === true)
  );
}

function decideIn(decide: Decide, { role, purpose, override, facts }: Situation) {
  return decide(whoIs(role), purpose, override, facts);
}

function whoIs(role: Role): Who {
  return { role, sector: ROLE_SECTORS[role] };
}

function denialIn(verdict: Verdict): Denial | undefined {
  if (verdict.released) return undefined;
  return verdict.reason ?? 'SILENT';
}
