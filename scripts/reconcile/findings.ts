import { FINDING_KINDS, type Finding, type FindingKind } from './finding.ts';

/** Findings that are named one by one; the others are counted. */
const MOST_FINDINGS = 1_000;

/** Counts all and names the first. */
export class Findings {
  readonly counts = Object.fromEntries(Object.keys(FINDING_KINDS).map((kind) => [kind, 0])) as Record<
    FindingKind,
    number
  >;
  readonly first: Finding[] = [];

  add(finding: Finding): void {
    this.addAll([finding], 1);
  }

  /** What was found turns out to be of another kind. */
  replace(finding: Finding, by: Finding): void {
    this.counts[finding.kind]--;
    this.counts[by.kind]++;
    this.first[this.first.indexOf(finding)] = by;
  }

  /** @param count How many of one kind the findings stand for. */
  addAll(findings: readonly Finding[], count: number): void {
    const [one] = findings;
    if (one === undefined) return;
    this.counts[one.kind] += count;
    this.first.push(...findings.slice(0, MOST_FINDINGS - this.first.length));
  }
}
