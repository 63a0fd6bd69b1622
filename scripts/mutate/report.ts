/** One change to the code, and whether a test noticed. */
export interface Mutant {
  readonly fileName: string;
  readonly line: number;
  readonly mutator: string;
  readonly replacement: string;
  readonly status: string;
}

export interface MutationReport {
  /** Part of the mutants that made a test fail or never end, 0 to 1. */
  readonly score: number;
  readonly killed: number;
  readonly survived: number;
  /** By file. */
  readonly files: Readonly<Record<string, { readonly killed: number; readonly survived: number }>>;
  readonly survivors: readonly Mutant[];
}

const KILLED = new Set(['Killed', 'Timeout']);
/** Nothing ran the changed code, or what ran it did not notice. */
const ALIVE = new Set(['Survived', 'NoCoverage']);

/** What cannot be run, and what is not to be, counts neither way. */
export function reportOf(mutants: readonly Mutant[]): MutationReport {
  const files: Record<string, { killed: number; survived: number }> = {};
  const survivors: Mutant[] = [];
  let killed = 0;
  for (const mutant of mutants) {
    const isKilled = KILLED.has(mutant.status);
    if (!isKilled && !ALIVE.has(mutant.status)) continue;
    const file = files[mutant.fileName] ?? { killed: 0, survived: 0 };
    files[mutant.fileName] = file;
    if (isKilled) {
      killed++;
      file.killed++;
      continue;
    }
    file.survived++;
    survivors.push(mutant);
  }
  const total = killed + survivors.length;
  return { score: total === 0 ? 0 : killed / total, killed, survived: survivors.length, files, survivors };
}

/** For people: survivors first, the score last. */
export function describeReport({ score, killed, survived, files, survivors }: MutationReport): string {
  const lines = survivors.map(
    ({ fileName, line, mutator, replacement, status }) =>
      `${fileName}:${line} ${status} ${mutator}: ${replacement.replace(/\s+/g, ' ').slice(0, 120)}`,
  );
  const table = Object.entries(files).map(
    ([name, file]) => `${percent(file.killed / (file.killed + file.survived)).padStart(7)}  ${name}`,
  );
  const summary = `${percent(score)} of ${killed + survived} mutants were noticed, ${survived} were not.`;
  return [...lines, '', ...table, '', summary].join('\n');
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
