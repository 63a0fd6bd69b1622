import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../durable-file.ts';
import { SettingError } from '../setting-error.ts';
import { readSignedCheckpoint, type SignedCheckpoint } from '../signed-checkpoint.ts';

/** Says whose memory a folder is. */
const MARK = 'witness.vkey';
const NOTE = '.note';
const FORK = '.fork';

/**
 * The memory of a witness: the last checkpoint of each log that it cosigned, with its own signature and the log's. A
 * witness that forgot would cosign a fork, so that a folder which is not there is not simply made.
 */
export class WitnessState {
  readonly #folder: string;
  readonly #logs = new Map<string, SignedCheckpoint>();

  private constructor(folder: string) {
    this.#folder = folder;
    for (const name of readdirSync(folder)) {
      if (!name.endsWith(NOTE)) continue;
      const signed = readSignedCheckpoint(readFileSync(join(folder, name), 'utf8'));
      this.#logs.set(signed.origin, signed);
    }
  }

  /** Begins a memory. @throws SettingError where one is there. */
  static async begin(folder: string, vkey: string): Promise<void> {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (readdirSync(folder).length > 0)
      throw new SettingError('WITNESS_STATE', 'names a folder that is not empty');
    await writeDurably(join(folder, MARK), `${vkey}\n`);
  }

  /** @throws SettingError where the folder is lost, another key's, or holds what no witness writes. */
  static open(folder: string, vkey: string): WitnessState {
    const mark = join(folder, MARK);
    if (!existsSync(mark))
      throw new SettingError(
        'WITNESS_STATE',
        'names a folder without the memory of a witness: restore it. A witness that has lost it is given up, and ' +
          'another one with another key begun with --init',
      );
    if (readFileSync(mark, 'utf8').trim() !== vkey)
      throw new SettingError('WITNESS_STATE', 'is the memory of a witness with another key');
    try {
      return new WitnessState(folder);
    } catch (cause) {
      throw new SettingError('WITNESS_STATE', 'holds a file that is not of a witness', { cause });
    }
  }

  get(origin: string): SignedCheckpoint | undefined {
    return this.#logs.get(origin);
  }

  get logs(): Iterable<SignedCheckpoint> {
    return this.#logs.values();
  }

  /** Resolves once it is durable. */
  async keep(cosigned: SignedCheckpoint): Promise<void> {
    await writeDurably(join(this.#folder, `${encodeURIComponent(cosigned.origin)}${NOTE}`), cosigned.note);
    this.#logs.set(cosigned.origin, cosigned);
  }

  /** Keeps the first proof that a log contradicts itself: two checkpoints of one size under its signature. */
  async keepFork(known: SignedCheckpoint, note: string): Promise<void> {
    const file = join(this.#folder, `${encodeURIComponent(known.origin)}${FORK}`);
    if (!existsSync(file)) await writeDurably(file, `${known.note}\n${note}`);
  }
}
