import { readFileSync } from 'node:fs';
import { type NoteVerifier, verifierOf } from '@contactpoint/audit-log/signed-note';
import * as v from 'valibot';
import { SettingError } from '../setting-error.ts';

/** Another organisation that looks at the log of logs and says that it only ever grew. */
export interface Witness {
  /** Name of its key, `witness.example/w1`. */
  readonly name: string;
  /** Submission prefix, without a slash at its end. */
  readonly url: string;
  readonly verifier: NoteVerifier;
}

const WitnessesFile = v.array(v.object({ url: v.pipe(v.string(), v.url()), vkey: v.string() }));

/**
 * Reads `[{"url": "https://witness.example", "vkey": "witness.example/w1+…"}]`.
 *
 * @throws SettingError where it cannot be read, or two have one name.
 */
export function readWitnesses(file: string | undefined): readonly Witness[] {
  if (file === undefined) return [];
  try {
    const entries = v.parse(WitnessesFile, JSON.parse(readFileSync(file, 'utf8')));
    const witnesses = entries.map(({ url, vkey }) => {
      const verifier = verifierOf(vkey);
      return { name: verifier.name, url: url.replace(/\/+$/, ''), verifier };
    });
    const names = new Set(witnesses.map(({ name }) => name));
    if (names.size < witnesses.length)
      throw new SettingError('WITNESSES_FILE', 'names a file with two witnesses of one name');
    return witnesses;
  } catch (cause) {
    if (cause instanceof SettingError) throw cause;
    throw new SettingError('WITNESSES_FILE', 'names a file that is not a list of witnesses', { cause });
  }
}
