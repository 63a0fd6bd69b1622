import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeDurably } from './durable-file.ts';
import { LogRefused } from './log-refused.ts';
import { SettingError } from './setting-error.ts';
import { hasSameRoot, readSignedCheckpoint, type SignedCheckpoint } from './signed-checkpoint.ts';

/** What is known of one log. */
export interface SignedLogState {
  readonly signed: SignedCheckpoint;
  /** Number of the last session that wrote to it, where it is covered to its end: a later one would open it again. */
  readonly endedAfter: bigint | undefined;
}

/** Most files that are written together: the first start over a long history must not open thousands. */
const FILES_AT_ONCE = 32;

const StateFile = v.object({
  note: v.string(),
  endedAfter: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^\d{1,18}$/),
      v.transform((digits) => BigInt(digits)),
    ),
  ),
});

/**
 * The memory of a signer, outside the database that it signs: the last checkpoint of each log, in a file of its own.
 * Nothing leaves this process that is not in here before, so that nothing which contradicts it is ever signed, whatever
 * became of the database.
 */
export class SignedState {
  readonly #folder: string;
  readonly #logs: Map<string, SignedLogState>;

  private constructor(folder: string, logs: Map<string, SignedLogState>) {
    this.#folder = folder;
    this.#logs = logs;
  }

  /** @throws SettingError naming the first file that is not what a signer writes. */
  static open(folder: string): SignedState {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const logs = new Map<string, SignedLogState>();
    for (const name of readdirSync(folder)) {
      if (!name.endsWith('.json')) continue;
      const { note, endedAfter } = readStateFile(join(folder, name));
      const signed = readSignedCheckpoint(note);
      if (fileNameOf(signed.origin) !== name) throw new SettingError('SIGNER_STATE', `has a strange ${name}`);
      logs.set(signed.origin, { signed, endedAfter });
    }
    return new SignedState(folder, logs);
  }

  get(origin: string): SignedLogState | undefined {
    return this.#logs.get(origin);
  }

  /** The last checkpoint of every log that was ever signed. */
  all(): readonly SignedCheckpoint[] {
    return [...this.#logs.values()].map(({ signed }) => signed);
  }

  /**
   * Keeps what was signed; resolves once it is durable.
   *
   * @throws LogRefused rather than forget a checkpoint for a smaller or a contradicting one: the last thing between a
   *   mistake and a signature.
   */
  async keep(signed: readonly SignedCheckpoint[]): Promise<void> {
    for (const next of signed) {
      const last = this.#logs.get(next.origin)?.signed;
      if (last === undefined || next.size > last.size) continue;
      if (next.size < last.size || !hasSameRoot(next, last))
        throw new LogRefused(next.origin, next.size < last.size ? 'ROLLED_BACK' : 'FORKED');
    }
    for (let start = 0; start < signed.length; start += FILES_AT_ONCE) {
      const some = signed.slice(start, start + FILES_AT_ONCE);
      await Promise.all(some.map((next) => this.#write({ signed: next, endedAfter: undefined })));
    }
  }

  /** Remembers that a log is covered to its end. */
  async end(origin: string, session: bigint): Promise<void> {
    const state = this.#logs.get(origin);
    if (state !== undefined) await this.#write({ ...state, endedAfter: session });
  }

  async #write(state: SignedLogState): Promise<void> {
    const { note, origin } = state.signed;
    const endedAfter = state.endedAfter?.toString();
    await writeDurably(
      join(this.#folder, fileNameOf(origin)),
      `${JSON.stringify({ note, endedAfter }, null, 2)}\n`,
    );
    this.#logs.set(origin, state);
  }
}

/** An origin has slashes, and becomes one name. */
function fileNameOf(origin: string): string {
  return `${encodeURIComponent(origin)}.json`;
}

function readStateFile(file: string): v.InferOutput<typeof StateFile> {
  try {
    const state = v.parse(StateFile, JSON.parse(readFileSync(file, 'utf8')));
    readSignedCheckpoint(state.note);
    return state;
  } catch (cause) {
    throw new SettingError('SIGNER_STATE', `holds a file that is not of a signer: ${file}`, { cause });
  }
}
