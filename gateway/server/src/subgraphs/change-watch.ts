import type { Changed, ChangeMessage } from '@contactpoint/access/change';

/**
 * Milliseconds without a heartbeat after which changes count as not pushed any more. Four heartbeats: one that is late is
 * no alarm.
 */
export const SILENCE = 2_000;

/** Milliseconds after which a publisher that fell silent is forgotten. */
const FORGOTTEN = 60_000;

/**
 * Judges from what arrives whether every change arrives. Redis delivers at most once and says nothing of what it lost, so
 * the proof is ours: heartbeats of each subgraph, without a gap in their sequence, and this gateway's own probes, whose
 * way there and back shows how far behind the subscription is.
 */
export interface ChangeWatch {
  /**
   * Monotonic time since when every change has been pushed without a break, undefined while that is not proven. What was
   * asked for before it may have changed unheard.
   */
  pushedSince(): number | undefined;
  heard(message: ChangeMessage): void;
  /** @param sentAt When the probe that has just come back was sent. */
  probed(sentAt: number): void;
  /** The subscription is gone. */
  lost(): void;
}

interface Publisher {
  readonly subgraph: string;
  readonly sequence: number;
  readonly heardAt: number;
}

export function createChangeWatch(options: {
  /** Subgraphs whose changes are pushed. */
  readonly subgraphs: readonly string[];
  /** Monotonic clock, milliseconds. */
  readonly now: () => number;
  /** `everything` where something may have been missed. */
  readonly onChange: (changed: Changed) => void;
}): ChangeWatch {
  const { subgraphs, now, onChange } = options;
  const publishers = new Map<string, Publisher>();
  let probedAt = Number.NEGATIVE_INFINITY;
  let since: number | undefined;

  const isFresh = (at: number) => now() - at <= SILENCE;
  // Each publisher of a subgraph passes on everything, so that one is enough.
  const isProven = () =>
    isFresh(probedAt) &&
    subgraphs.every((name) =>
      publishers.values().some(({ subgraph, heardAt }) => subgraph === name && isFresh(heardAt)),
    );

  /** Takes in what has arrived; a silence that it ends is a break all the same. */
  const taking = (takeIn: () => void) => {
    const wasProven = isProven();
    takeIn();
    if (!wasProven) since = isProven() ? now() : undefined;
  };

  const missed = () => {
    since = isProven() ? now() : undefined;
    onChange('everything');
  };

  return {
    pushedSince: () => (isProven() ? since : undefined),
    heard({ subgraph, publisher, sequence, changed }) {
      const known = publishers.get(publisher);
      if (known !== undefined && sequence <= known.sequence) return;
      if (known === undefined) forgetSilent(publishers, now());
      taking(() => publishers.set(publisher, { subgraph, sequence, heardAt: now() }));
      if (sequence !== (known?.sequence ?? Number.NaN) + 1) missed();
      else if (changed !== undefined) onChange(changed);
    },
    probed(sentAt) {
      taking(() => {
        probedAt = Math.max(probedAt, sentAt);
      });
    },
    lost() {
      probedAt = Number.NEGATIVE_INFINITY;
      publishers.clear();
      missed();
    },
  };
}

function forgetSilent(publishers: Map<string, Publisher>, now: number): void {
  for (const [id, { heardAt }] of publishers) if (now - heardAt > FORGOTTEN) publishers.delete(id);
}
