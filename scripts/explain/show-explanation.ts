import type { Denial, Explanation, Remedy, Situation } from '@contactpoint/access/explain';
import type { PolicyText } from '@contactpoint/access/policy-files';
import { PURPOSES } from '@contactpoint/access/purpose';
import { ROLE_SECTORS } from '@contactpoint/access/role';

/** What is shown of a decision and of what decided it. */
export interface ExplainedDecision {
  readonly situation: Situation;
  /** Hash of the policy set. */
  readonly policySet: string;
  readonly explanations: readonly Explanation[];
  /** The deciding policies of them all, by id; `file` as it can be opened from here. */
  readonly policies: Readonly<Record<string, PolicyText>>;
}

/** The decision for people: cell by cell, then the policies' text, each once. */
export function showExplanation({ situation, policySet, explanations, policies }: ExplainedDecision): string {
  const texts = Object.entries(policies).map(([id, { file, text }]) => `${id} (${file})\n\n${indent(text)}`);
  return [
    `${showSituation(situation)}\nPolicy set ${policySet}`,
    ...explanations.map((each) => showCell(each, situation, policies)),
    ...(texts.length === 0 ? [] : ['Deciding policies', ...texts]),
  ]
    .map((paragraph) => `${paragraph}\n`)
    .join('\n');
}

function showSituation({ role, purpose, override, facts }: Situation): string {
  const circumstances = [
    `relationship ${facts.relationship}`,
    facts.ownRecord ? 'own organisation holds a record' : undefined,
    facts.shielded ? 'child is shielded' : undefined,
    override ? 'break-glass' : undefined,
  ].filter((each) => each !== undefined);
  return `${role} of ${ROLE_SECTORS[role]}, purpose ${purpose} (${PURPOSES[purpose].meaning}), ${circumstances.join(', ')}`;
}

function showCell(
  { sector, class: name, level, denial, minimalDenial, remedies, policies }: Explanation,
  situation: Situation,
  texts: ExplainedDecision['policies'],
): string {
  const withheld = denialsOf(minimalDenial, denial).map(([what, why]) => `  ${what}: ${why}`);
  const helps = remedies.map((remedy) => `  would open ${remedy.level}: ${showRemedy(remedy)}`);
  const decided = policies.map((id) => `${id} (${texts[id]?.file ?? '?'})`).join(', ');
  return [
    `${sector} ${name}: ${level}`,
    ...withheld,
    ...helps,
    ...(level === 'FULL' || helps.length > 0
      ? []
      : [`  nothing that ${situation.role} could bring opens more`]),
    `  decided by ${decided === '' ? 'no policy: what none permits is refused' : decided}`,
  ].join('\n');
}

/** What is withheld, and why; the minimal subset by itself only where it is withheld for a reason of its own. */
function denialsOf(minimal: Denial | undefined, other: Denial | undefined): [what: string, why: string][] {
  const why = (denial: Denial) => (denial === 'SILENT' ? 'silently, no error' : `reason ${denial}`);
  if (other === undefined) return [];
  if (minimal === undefined) return [['the rest withheld', why(other)]];
  if (minimal === other) return [['withheld', why(other)]];
  return [
    ['minimal subset withheld', why(minimal)],
    ['other fields withheld', why(other)],
  ];
}

function showRemedy({ purpose, relationship, ownRecord, override }: Remedy): string {
  return [
    purpose === undefined ? undefined : `purpose ${purpose}`,
    relationship === undefined ? undefined : `relationship ${relationship}`,
    ownRecord === undefined ? undefined : 'a record held by the own organisation',
    override === undefined ? undefined : 'break-glass',
  ]
    .filter((each) => each !== undefined)
    .join(' and ');
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}
