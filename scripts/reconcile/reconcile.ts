import { compareEntries } from './compare-entries.ts';
import type { KnowsNumbers } from './directory-numbers.ts';
import type { FieldOwners } from './field-owners.ts';
import { type Finding, type FindingKind, findingOf } from './finding.ts';
import { Findings } from './findings.ts';
import { type Interruptions, UNDER_WAY } from './interruptions.ts';
import type { Journal, JournalEntry } from './journal-entry.ts';
import { withoutRemoved } from './judge-removed.ts';
import { type GrantLog, keyOf, type LoggedEvent, type LoggedGrant } from './logged-grants.ts';
import { mergeByJti } from './merge-by-jti.ts';
import type { FindsRemoved } from './removed-events.ts';
import { type SilentJournal, SilentJournals } from './silent-journals.ts';
import { type SubgraphFigures, SubgraphTally } from './subgraph-tally.ts';
import { type Explained, type ExplainedRequest, Unanswered } from './unanswered.ts';
import { type UnjournaledGrant, UnjournaledGrants } from './unjournaled-grants.ts';
import type { UnreadableLeaf } from './unreadable-leaves.ts';

export interface ReconcileOptions {
  readonly journals: readonly Journal[];
  readonly log: GrantLog;
  readonly interruptions: Interruptions;
  /** Undefined where the directory cannot be asked; a child whom no event names is then a finding even if nobody is it. */
  readonly directory: KnowsNumbers | undefined;
  /** Undefined where oversight's rows are out of reach: what was taken out of the log is then told by journals alone. */
  readonly removed: FindsRemoved | undefined;
  readonly owners: FieldOwners;
  /** When reading began. */
  readonly readAt: Date;
  /** From when on entries are read; all of them where it is undefined. */
  readonly since?: Date | undefined;
  readonly onProgress?: (requests: number) => void;
}

/** What a comparison of journals and log came to. */
export interface Reconciliation {
  readonly subgraphs: Readonly<Record<string, SubgraphFigures>>;
  /** Leaves that are no events: what they answer for is not known, and not held against a journal. */
  readonly unreadable: { readonly count: number; readonly first: readonly UnreadableLeaf[] };
  /** Grants that the log lists. */
  readonly grants: number;
  /**
   * Of them, those that no journal read knows: fetches that failed, or were never sent. Over-recording is allowed. What
   * may have an entry outside of the time that was read is not counted.
   */
  readonly unjournaled: number;
  /** The first thousand of those. */
  readonly unjournaledGrants: readonly UnjournaledGrant[];
  readonly explained: Explained;
  /** What is explained away, request by request: at most a thousand of one cause. */
  readonly explainedRequests: readonly ExplainedRequest[];
  /** Agencies whose journals say nothing of what was released of theirs: each of them a finding. */
  readonly silent: readonly SilentJournal[];
  readonly counts: Readonly<Record<FindingKind, number>>;
  /** The first thousand. */
  readonly findings: readonly Finding[];
}

/** Requests compared with their events at a time. */
const BATCH = 500;

type Entries = readonly [JournalEntry, ...JournalEntry[]];

/** Requests that events of the log may answer for. */
interface Answered {
  readonly subgraph: string;
  readonly entries: Entries;
  readonly grants: readonly LoggedGrant[];
}

/** Holds the agencies' journals and the log against each other, both ways. */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const { journals, log, interruptions, directory, removed, owners, readAt, since, onProgress } = options;
  const unanswered = new Unanswered(interruptions, readAt.getTime());
  const found = new Findings();
  const figures = new Map(journals.map(({ subgraph }) => [subgraph, new SubgraphTally()]));
  const subgraphs = journals.map(({ subgraph }) => subgraph);
  const fromBeginning = since === undefined && journals.length > 1;
  const silent = new SilentJournals({ subgraphs, owners, fromBeginning });
  let grants = 0;
  const unjournaled = new UnjournaledGrants();
  let requests = 0;
  let batch: Answered[] = [];
  let alone: LoggedGrant[] = [];

  const compare = async () => {
    const events = await log.eventsOf(batch.flatMap((answered) => answered.grants));
    const unnamed: { subgraph: string; entries: readonly JournalEntry[] }[] = [];
    for (const { subgraph, entries, grants: listed } of batch) {
      const answering = listed.flatMap((grant) => events.get(keyOf(grant)) ?? []);
      // Of events that cannot be read, which is a finding of its own.
      if (answering.length === 0) continue;
      noteSkew(figures.get(subgraph), entries, answering, listed);
      const compared = compareEntries(subgraph, entries, answering);
      for (const finding of compared.findings) found.add(finding);
      if (!isSome(compared.unnamed)) continue;
      if (subgraph === DOOR && answering.every(isWithoutAnswer))
        unanswered.noteNoAnswer(subgraph, compared.unnamed, listed[0]?.index ?? '');
      else unnamed.push({ subgraph, entries: compared.unnamed });
    }
    await judgeUnnamed(unnamed, directory, figures, found);
    batch = [];
  };
  const compareAlone = async () => {
    const events = await log.eventsOf(alone);
    for (const grant of alone) {
      const event = events.get(keyOf(grant));
      if (event !== undefined) silent.noteUnjournaled(grant, event);
    }
    alone = [];
  };

  for await (const { items } of mergeByJti<JournalEntry | LoggedGrant>([
    log.grants,
    ...journals.map(({ entries }) => entries),
  ])) {
    const listed = (items.get(0) ?? []) as readonly LoggedGrant[];
    if (listed.length > 0) grants++;
    const journaled = [...items].filter(([place]) => place > 0);
    const [grant] = listed;
    if (
      grant !== undefined &&
      journaled.length === 0 &&
      listed.every((one) => isWithin(one, since, readAt))
    ) {
      unjournaled.add(grant);
      alone.push(...listed);
    }
    for (const [place, rows] of journaled) {
      const subgraph = journals[place - 1]?.subgraph ?? '';
      const entries = rows as readonly JournalEntry[];
      requests++;
      for (const { at } of entries) silent.noteEntry(subgraph, Date.parse(at));
      figures.get(subgraph)?.countRequest();
      if (journaled.length > 1 && isSome(entries)) found.add(findingOf('REUSED_GRANT', subgraph, entries));
      const grantsOf = (entry: JournalEntry) => listed.filter((grant) => isUnder(entry, grant));
      const answered = entries.filter((entry) => grantsOf(entry).length > 0);
      if (isSome(answered)) batch.push({ subgraph, entries: answered, grants: grantsOf(answered[0]) });
      const unlisted = entries.filter((entry) => grantsOf(entry).length === 0);
      const bypass = isSome(unlisted) ? unanswered.judge(subgraph, unlisted) : undefined;
      if (bypass !== undefined) found.add(bypass);
    }
    if (batch.length >= BATCH) {
      await compare();
      onProgress?.(requests);
    }
    if (alone.length >= BATCH) await compareAlone();
  }
  await compare();
  await compareAlone();

  const { bypasses, count, ...unproven } = unanswered.conclude();
  found.addAll(bypasses, count);
  const { explained, requests: explainedRequests } =
    removed === undefined ? unproven : await withoutRemoved(unproven, removed, found);
  return {
    subgraphs: Object.fromEntries([...figures].map(([subgraph, tally]) => [subgraph, tally.figures])),
    grants,
    unjournaled: unjournaled.count,
    unjournaledGrants: unjournaled.first,
    unreadable: { count: log.unreadable.count, first: log.unreadable.first },
    explained,
    explainedRequests,
    silent: silent.conclude(),
    counts: found.counts,
    findings: found.first,
  };
}

/** The one subgraph that finds children: whom, the gateway learns from its answer alone. */
const DOOR = 'directory';

function isWithoutAnswer({ outcome, isUnanswered }: LoggedEvent): boolean {
  return outcome === 'REFUSED' || isUnanswered;
}

/** A gateway signs in the name of its own log; a journal from before that was written down says nothing of it. */
function isUnder({ evt, iss }: JournalEntry, grant: LoggedGrant): boolean {
  return evt === grant.evt && (iss === null || iss === grant.origin);
}

function isWithin({ keptAt }: LoggedGrant, since: Date | undefined, until: Date): boolean {
  const at = Date.parse(keptAt);
  return at <= until.getTime() && (since === undefined || at >= since.getTime() + UNDER_WAY);
}

function isSome(entries: readonly JournalEntry[]): entries is Entries {
  return entries.length > 0;
}

function noteSkew(
  tally: SubgraphTally | undefined,
  entries: Entries,
  events: readonly LoggedEvent[],
  grants: readonly LoggedGrant[],
): void {
  const from = Math.min(...events.map(({ at }) => Date.parse(at)));
  const to = Math.max(...grants.map(({ keptAt }) => Date.parse(keptAt)));
  tally?.skew.note(Date.parse(entries[0].at), { from, to });
}

async function judgeUnnamed(
  unnamed: readonly { readonly subgraph: string; readonly entries: readonly JournalEntry[] }[],
  directory: KnowsNumbers | undefined,
  figures: ReadonlyMap<string, SubgraphTally>,
  found: Findings,
): Promise<void> {
  if (unnamed.length === 0) return;
  const numbers = new Set(unnamed.flatMap(({ entries }) => entries.flatMap(({ child }) => child ?? [])));
  const known = directory === undefined ? numbers : await directory([...numbers]);
  for (const { subgraph, entries } of unnamed) {
    const children = entries.filter(({ child }) => child !== null && known.has(child));
    figures.get(subgraph)?.countDecoys(entries.length - children.length);
    if (isSome(children)) found.add(findingOf('UNNAMED_CHILD', subgraph, children));
  }
}
