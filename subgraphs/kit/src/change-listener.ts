import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import * as v from 'valibot';
import { connect, type Store } from './store.ts';

/** Channel of `announce_change`. */
const CHANNEL = 'contactpoint_change';

/** Milliseconds without a beat of its own, after which a connection is taken for dead and replaced. */
const SILENCE = 2_000;

/** Milliseconds that a connection has to come about. */
const CONNECT_LIMIT = 10_000;

/** Milliseconds before a database that is out of reach is tried again. */
const PAUSE = 200;

export interface ChangeEvents {
  /**
   * The database is listened to from now on; what was committed before may have been missed.
   *
   * @param id Random, and another one each time.
   */
  onListening(id: string): void;
  /**
   * A beat of this listener came back: everything committed before it was sent has been told.
   *
   * @param took Milliseconds from its sending to its return.
   */
  onBeat(took: number): void;
  /** What the database announced, parsed; undefined where it is no JSON. */
  onPayload(payload: unknown): void;
  onError(cause: unknown): void;
}

export interface ChangeListener {
  /** Sends a beat through the database; replaces a connection from which none has come back for too long. */
  beat(): void;
  close(): Promise<void>;
}

const BeatPayload = v.object({ beat: v.string(), sent: v.number() });

/** One connection, from its making until it is given up. */
interface Line {
  readonly id: string;
  readonly store: Store;
  isListening: boolean;
  /** Monotonic: when it was made, and then when its last beat came back. */
  heardAt: number;
}

/**
 * Listens to what a database announces, and connects again for as long as it takes. The connection must reach PostgreSQL
 * itself: a pooler that gives every transaction another one loses announcements, and then no beat comes back.
 */
export function listenForChanges(url: string, events: ChangeEvents): ChangeListener {
  let line = newLine(url);
  let closed = false;

  const tell = (each: Line, text: string) => {
    if (each !== line) return;
    const payload = parsed(text);
    const beat = v.safeParse(BeatPayload, payload);
    if (!beat.success) return events.onPayload(payload);
    if (beat.output.beat !== each.id) return;
    each.heardAt = performance.now();
    events.onBeat(each.heardAt - beat.output.sent);
  };

  const listening = (each: Line) => {
    if (each !== line) return;
    // The driver has found another connection by itself, and nobody knows what was missed.
    if (each.isListening) return replace(each);
    each.isListening = true;
    each.heardAt = performance.now();
    events.onListening(each.id);
  };

  const listen = async (each: Line): Promise<void> => {
    try {
      await each.store.listen(
        CHANNEL,
        (text) => tell(each, text),
        () => listening(each),
      );
    } catch (cause) {
      if (each !== line || closed) return;
      events.onError(cause);
      await sleep(PAUSE);
      replace(each);
    }
  };

  const replace = (each: Line) => {
    if (each !== line || closed) return;
    each.store.end({ timeout: 0 }).catch(() => undefined);
    line = newLine(url);
    void listen(line);
  };

  void listen(line);
  return {
    beat() {
      if (performance.now() - line.heardAt > (line.isListening ? SILENCE : CONNECT_LIMIT)) {
        events.onError(new Error('The database does not return what it is told'));
        return replace(line);
      }
      if (!line.isListening) return;
      const payload = JSON.stringify({ beat: line.id, sent: performance.now() });
      line.store`select pg_notify(${CHANNEL}, ${payload})`.catch(() => undefined);
    },
    async close() {
      closed = true;
      await line.store.end({ timeout: 1 });
    },
  };
}

function newLine(url: string): Line {
  return {
    id: randomBytes(8).toString('hex'),
    store: connect(url, { max: 1 }),
    isListening: false,
    heardAt: performance.now(),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
