import { NoteError } from '@contactpoint/audit-log/note-format';
import { type NoteVerifier, verifiedBy } from '@contactpoint/audit-log/signed-note';
import type { Findings } from '../findings.ts';
import type { SignedCheckpoint } from '../signed-checkpoint.ts';

/** What one witness has signed of a log. */
export interface Cosigned {
  readonly checkpoints: number;
  /** Leaves under the largest of them. */
  readonly size: number;
  /** When it signed last, by its own clock, RFC 3339; absent where its key's signatures do not say. */
  readonly at?: string;
  /** What has come since: leaves under the newest checkpoint and not under the largest that it signed, and checkpoints. */
  readonly behind: { readonly leaves: number; readonly checkpoints: number };
}

/** As far as it is known while checkpoints are read. */
interface Signed {
  readonly checkpoints: number;
  readonly size: number;
  /** Number of the checkpoint, from 1. */
  readonly place: number;
  readonly at: Date | undefined;
}

/** Which checkpoints of one log each witness has signed. */
export class Cosignatures {
  readonly #origin: string;
  readonly #witnesses: readonly NoteVerifier[];
  readonly #findings: Findings;
  readonly #signed = new Map<string, Signed>();
  #checkpoints = 0;
  #newest = 0;

  constructor(origin: string, witnesses: readonly NoteVerifier[], findings: Findings) {
    this.#origin = origin;
    this.#witnesses = witnesses;
    this.#findings = findings;
  }

  take({ note, size }: SignedCheckpoint): void {
    this.#checkpoints++;
    this.#newest = size;
    if (this.#witnesses.length === 0) return;
    try {
      for (const name of verifiedBy(note, this.#witnesses)) {
        const known = this.#signed.get(name);
        const at = latest([known?.at, ...this.#timesOf(name, note)]);
        const checkpoints = (known?.checkpoints ?? 0) + 1;
        this.#signed.set(name, { checkpoints, size, place: this.#checkpoints, at });
      }
    } catch (cause) {
      if (!(cause instanceof NoteError)) throw cause;
      this.#findings.add({
        code: 'COSIGNATURE',
        origin: this.#origin,
        message: `the checkpoint at ${size}: ${cause.message}`,
      });
    }
  }

  /** By name of the witness. A witness that has signed nothing for long vouches for nothing that came since. */
  get cosigned(): Readonly<Record<string, Cosigned>> {
    const all = [...this.#signed].map(([name, { checkpoints, size, place, at }]): [string, Cosigned] => [
      name,
      {
        ...{ checkpoints, size },
        ...(at === undefined ? {} : { at: at.toISOString() }),
        behind: { leaves: this.#newest - size, checkpoints: this.#checkpoints - place },
      },
    ]);
    return Object.fromEntries(all);
  }

  #timesOf(name: string, { signatures }: SignedCheckpoint['note']): readonly (Date | undefined)[] {
    const keys = this.#witnesses.filter((witness) => witness.name === name);
    return signatures.flatMap(({ keyHash, signature }) =>
      keys
        .filter((key) => Buffer.compare(key.keyHash, keyHash) === 0)
        .map((key) => key.signedAt?.(signature)),
    );
  }

  /** Every witness whose key was given has signed the log at least once: without that it vouches for nothing. */
  end(): void {
    for (const { name } of this.#witnesses) {
      if (this.#signed.has(name)) continue;
      this.#findings.add({
        code: 'COSIGNATURE',
        origin: this.#origin,
        message: `${name} has signed none of its checkpoints`,
      });
    }
  }
}

function latest(times: readonly (Date | undefined)[]): Date | undefined {
  return times.reduce((last, time) => (last === undefined || (time ?? last) > last ? time : last), undefined);
}
