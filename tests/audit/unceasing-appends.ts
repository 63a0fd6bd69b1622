import { setTimeout as sleep } from 'node:timers/promises';
import { AppendError } from '@contactpoint/audit-log/append-error';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';

/** Callers who append one leaf after another, whatever becomes of the store. */
export interface UnceasingAppends {
  /** Text of each leaf by the index under which it was acknowledged. */
  readonly acknowledged: ReadonlyMap<bigint, string>;
  readonly rejected: number;
  /** Resolves when the last of them has had an answer; rejects when one of them was anything but an `AppendError`. */
  end(): Promise<void>;
}

export function startAppends(log: AuditLog, callers: number): UnceasingAppends {
  const acknowledged = new Map<bigint, string>();
  let rejected = 0;
  let isOver = false;
  const append = async (caller: number) => {
    for (let turn = 0; !isOver; turn++) {
      const text = `${caller}/${turn}`;
      try {
        acknowledged.set((await log.append(Buffer.from(text))).index, text);
      } catch (error) {
        if (!(error instanceof AppendError)) throw error;
        rejected++;
        await sleep(5);
      }
    }
  };
  const all = Promise.all(Array.from({ length: callers }, (_, caller) => append(caller)));
  // Told by `end`.
  all.catch(() => undefined);
  return {
    acknowledged,
    get rejected() {
      return rejected;
    },
    async end() {
      isOver = true;
      await all;
    },
  };
}
