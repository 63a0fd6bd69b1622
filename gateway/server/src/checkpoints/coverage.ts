/** What one look at the log's checkpoints showed. */
export interface Look {
  /** Leaves of this log under a signed checkpoint. */
  readonly covered: bigint;
  /** One more after each complete round of the signer. */
  readonly beat: bigint;
  /** Whether the newest signed checkpoint is over other leaves than were sent to the log. */
  readonly contradicts: boolean;
}

/** How well checkpoints cover a log, by the monotonic clock: one that is set back hides no outage. */
export interface Coverage {
  /** Called now and then, whether or not the signer can be asked. @param leaves That the log holds. */
  grew(leaves: bigint): void;
  observed(look: Look): void;
  /** Milliseconds since the signer was last known to be alive; undefined where it never was. */
  silence(): number | undefined;
  /** Milliseconds that the oldest leaf without a checkpoint has been waiting, at most; 0 without one. */
  lag(): number;
  /**
   * Whether leaves may be taken: the signer was seen alive, neither it nor a checkpoint is overdue, and what is signed is
   * what was sent.
   */
  isSound(): boolean;
}

/** @param patience Milliseconds. */
export function createCoverage(patience: number, monotonic: () => number): Coverage {
  let beat: bigint | undefined;
  let aliveAt: number | undefined;
  let looked = monotonic();
  let isContradicted = false;
  /** How large the log was found to be and since when it may have been, as far as no checkpoint covers it. */
  let grown: readonly { readonly leaves: bigint; readonly since: number }[] = [];

  const silence = () => (aliveAt === undefined ? undefined : monotonic() - aliveAt);
  const lag = () => (grown[0] === undefined ? 0 : monotonic() - grown[0].since);
  return {
    grew(leaves) {
      if (leaves > (grown.at(-1)?.leaves ?? 0n)) grown = [...grown, { leaves, since: looked }];
      looked = monotonic();
    },
    observed({ covered, beat: heard, contradicts }) {
      // A beat that was there before says nothing: only one that is heard proves a signer.
      if (beat !== undefined && heard !== beat) aliveAt = monotonic();
      beat = heard;
      grown = grown.filter(({ leaves }) => leaves > covered);
      isContradicted = contradicts;
    },
    silence,
    lag,
    isSound: () =>
      !isContradicted && (silence() ?? Number.POSITIVE_INFINITY) <= patience && lag() <= patience,
  };
}
