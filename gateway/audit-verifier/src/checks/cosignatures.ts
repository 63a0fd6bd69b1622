import { NoteError, type NoteVerifier, verifiedBy } from '@contactpoint/audit-log/signed-note';
import type { Findings } from '../findings.ts';
import type { SignedCheckpoint } from '../signed-checkpoint.ts';

/** What one witness has signed of a log. */
export interface Cosigned {
  readonly checkpoints: number;
  /** Leaves under the largest of them. */
  readonly size: number;
}

/** Which checkpoints of one log each witness has signed. */
export class Cosignatures {
  readonly #origin: string;
  readonly #witnesses: readonly NoteVerifier[];
  readonly #findings: Findings;
  /** By name of the witness. */
  readonly cosigned = new Map<string, Cosigned>();

  constructor(origin: string, witnesses: readonly NoteVerifier[], findings: Findings) {
    this.#origin = origin;
    this.#witnesses = witnesses;
    this.#findings = findings;
  }

  take({ note, size }: SignedCheckpoint): void {
    if (this.#witnesses.length === 0) return;
    try {
      for (const name of verifiedBy(note, this.#witnesses)) {
        this.cosigned.set(name, { checkpoints: (this.cosigned.get(name)?.checkpoints ?? 0) + 1, size });
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

  /** Every witness whose key was given has signed the log at least once: without that it vouches for nothing. */
  end(): void {
    for (const { name } of this.#witnesses) {
      if (this.cosigned.has(name)) continue;
      this.#findings.add({
        code: 'COSIGNATURE',
        origin: this.#origin,
        message: `${name} has signed none of its checkpoints`,
      });
    }
  }
}
