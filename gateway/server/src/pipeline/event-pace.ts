import { setTimeout } from 'node:timers/promises';

/**
 * How often an agency may tell of something on one stream: so many events at once, and so many a second from then on. Each of
 * them is decided and recorded like a request, and a caller who asked once has asked for no more than a screen can show.
 */
export const EVENT_PACE = { atOnce: 50, perSecond: 5 } as const;

interface Pacing {
  /** Milliseconds, monotonic. */
  readonly clock: () => number;
  /** Resolves after so many milliseconds, or when the signal is aborted. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const OWN: Pacing = {
  clock: () => performance.now(),
  wait: (milliseconds, signal) => setTimeout(milliseconds, undefined, { signal }).catch(() => undefined),
};

/**
 * Of one stream. Asked before each event is handed on: what is not read meanwhile stays with the agency, and holds it back.
 *
 * @returns Resolves when the next event may be handed on, or the signal is aborted.
 */
export function createEventPace({ clock, wait } = OWN): (signal: AbortSignal) => Promise<void> {
  const { atOnce, perSecond } = EVENT_PACE;
  let left: number = atOnce;
  let at = clock();
  return async (signal) => {
    const now = clock();
    left = Math.min(atOnce, left + ((now - at) / 1_000) * perSecond) - 1;
    at = now;
    if (left < 0) await wait((-left / perSecond) * 1_000, signal);
  };
}
