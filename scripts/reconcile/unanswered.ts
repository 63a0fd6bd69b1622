import { type Finding, findingOf } from './finding.ts';
import { type Interruption, type Interruptions, UNDER_WAY } from './interruptions.ts';
import type { JournalEntry } from './journal-entry.ts';

/** Requests at agencies that no event answers for, by why that need not be a bypass. */
export interface Explained {
  /** Made when the gateway's boot ended: its event was never kept, and its answer never left. */
  readonly bootEnded: number;
  /** Made when the gateway had lost its log's store: the answer was refused. */
  readonly storeLost: number;
  /** From a time of which events have been pruned. */
  readonly pruned: number;
  /** So young that its event may be about to be kept. */
  readonly underWay: number;
  /** Asked at the door for children whom an event names not: it ended without the door's answer, and nobody was shown. */
  readonly noAnswer: number;
}

/** One of them, for somebody to follow up: an explanation is no proof. What was pruned is not named. */
export interface ExplainedRequest
  extends Pick<Finding, 'subgraph' | 'jti' | 'evt' | 'at' | 'practitioner' | 'operation'> {
  readonly why: 'BOOT_ENDED' | 'STORE_LOST' | 'UNDER_WAY' | 'NO_ANSWER';
  /** Log in whose name the grant was signed. */
  readonly origin: string;
  /**
   * Index of the last leaf that it has from before, in decimal digits; null where it has none, or goes on. Of NO_ANSWER that
   * of the event.
   */
  readonly after: string | null;
}

/** Findings kept in case that an interruption turns out to explain none of them, and requests named of those explained. */
const MOST_KEPT = 1_000;

interface Cluster {
  readonly interruption: Interruption;
  first: number;
  last: number;
  requests: number;
  readonly findings: Finding[];
}

/**
 * Tells what was cut off from what went past the gateway. What a boot's end cuts off is cut off at one moment, and what a
 * lost store leaves without event within a little more: requests that lie further apart were not all cut off by it, and
 * are bypasses, all of them, since nothing says which are not.
 */
export class Unanswered {
  readonly #interruptions: Interruptions;
  readonly #readAt: number;
  readonly #clusters = new Map<Interruption, Cluster>();
  readonly #young: ExplainedRequest[] = [];
  readonly #atDoor: ExplainedRequest[] = [];
  #noAnswer = 0;
  #underWay = 0;
  #pruned = 0;

  /** @param readAt When the journals were read, milliseconds since the epoch. */
  constructor(interruptions: Interruptions, readAt: number) {
    this.#interruptions = interruptions;
    this.#readAt = readAt;
  }

  /** @returns A bypass; undefined where it may turn out to be none. */
  judge(subgraph: string, entries: readonly [JournalEntry, ...JournalEntry[]]): Finding | undefined {
    const [{ iss }] = entries;
    const at = Date.parse(entries[0].at);
    const finding = findingOf('BYPASS', subgraph, entries);
    if (iss === null || !this.#interruptions.isKnown(iss)) return finding;
    if (at > this.#readAt - UNDER_WAY) {
      this.#underWay++;
      if (this.#young.length < MOST_KEPT) this.#young.push(explainedBy('UNDER_WAY', null, finding));
      return undefined;
    }
    const interruption = this.#interruptions.around(iss, at);
    if (interruption === undefined) return finding;
    if (interruption.cause === 'PRUNED') this.#pruned++;
    else this.#keep(interruption, at, finding);
    return undefined;
  }

  /** Children whom the door found, by a request whose event says that it ended without an answer. */
  noteNoAnswer(subgraph: string, entries: readonly [JournalEntry, ...JournalEntry[]], index: string): void {
    this.#noAnswer++;
    if (this.#atDoor.length < MOST_KEPT)
      this.#atDoor.push(explainedBy('NO_ANSWER', index, findingOf('UNNAMED_CHILD', subgraph, entries)));
  }

  /** Once everything has been judged: bypasses after all, and how many of them each finding stands for. */
  conclude(): {
    readonly explained: Explained;
    /** The first thousand of each interruption, and of those under way. */
    readonly requests: readonly ExplainedRequest[];
    readonly bypasses: readonly Finding[];
    readonly count: number;
  } {
    const clusters = [...this.#clusters.values()];
    const [torn, whole] = [clusters.filter(isTorn), clusters.filter((cluster) => !isTorn(cluster))];
    const explained = (cause: Interruption['cause']) =>
      sum(whole.filter(({ interruption }) => interruption.cause === cause));
    return {
      explained: {
        bootEnded: explained('BOOT_ENDED'),
        storeLost: explained('STORE_LOST'),
        pruned: this.#pruned,
        underWay: this.#underWay,
        noAnswer: this.#noAnswer,
      },
      requests: [...whole.flatMap(requestsOf), ...this.#young, ...this.#atDoor],
      bypasses: torn.flatMap(({ findings }) => findings),
      count: sum(torn),
    };
  }

  #keep(interruption: Interruption, at: number, finding: Finding): void {
    const cluster = this.#clusters.get(interruption);
    if (cluster === undefined) {
      this.#clusters.set(interruption, {
        interruption,
        first: at,
        last: at,
        requests: 1,
        findings: [finding],
      });
      return;
    }
    cluster.first = Math.min(cluster.first, at);
    cluster.last = Math.max(cluster.last, at);
    cluster.requests++;
    if (cluster.findings.length < MOST_KEPT) cluster.findings.push(finding);
  }
}

/** A gateway that has lost its store goes on asking agencies for a minute at most, until checkpoints are missing. */
const LONGEST = {
  BOOT_ENDED: UNDER_WAY,
  STORE_LOST: 2 * UNDER_WAY,
  PRUNED: Number.POSITIVE_INFINITY,
} as const;

function isTorn({ interruption, first, last }: Cluster): boolean {
  return last - first > LONGEST[interruption.cause];
}

function requestsOf({ interruption: { cause, last }, findings }: Cluster): readonly ExplainedRequest[] {
  return cause === 'PRUNED' ? [] : findings.map((finding) => explainedBy(cause, last, finding));
}

function explainedBy(
  why: ExplainedRequest['why'],
  after: string | null,
  { subgraph, jti, evt, iss, at, practitioner, operation }: Finding,
): ExplainedRequest {
  return { why, origin: iss ?? '', after, subgraph, jti, evt, at, practitioner, operation };
}

function sum(clusters: readonly Cluster[]): number {
  return clusters.reduce((total, { requests }) => total + requests, 0);
}
