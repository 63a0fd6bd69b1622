/** Milliseconds between two signs of life. */
const INTERVAL = 1_000;

export interface ReplayProgress {
  readonly onProgress: (events: number) => void;
  stop(): void;
}

/**
 * Shows how many events have been worked through, once it takes longer than a second: on a terminal in one line, elsewhere a
 * line each time ten times as many are done.
 */
export function showReplayProgress(
  now: () => number = () => performance.now(),
  out: NodeJS.WriteStream = process.stderr,
  what = 'events replayed',
): ReplayProgress {
  let shownAt = now();
  let next = 10_000;
  let isShown = false;
  return {
    onProgress(events) {
      if (!out.isTTY) {
        if (events < next) return;
        next *= 10;
        out.write(`${events} ${what}\n`);
      } else if (now() - shownAt >= INTERVAL) {
        shownAt = now();
        isShown = true;
        out.write(`\r${events} ${what}`);
      }
    },
    stop() {
      if (isShown) out.write('\n');
    },
  };
}
