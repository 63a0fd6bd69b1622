import * as v from 'valibot';
import { ProcessSettings } from '../environment.ts';

const text = v.pipe(v.string(), v.nonEmpty('is not set'));

export const WitnessSettings = v.object({
  ...ProcessSettings,
  /** Name of the key, by custom a URL without its scheme: `witness.example/w1`. */
  WITNESS_NAME: v.pipe(v.string(), v.regex(/^[^\s+]+$/, 'must be a name without spaces and plus signs')),
  /** Ed25519, PKCS#8 in PEM, readable by its owner alone. */
  WITNESS_KEY_FILE: text,
  /** vkeys of the logs that are cosigned, one a line. */
  WITNESS_LOGS_FILE: text,
  WITNESS_STATE: text,
});
