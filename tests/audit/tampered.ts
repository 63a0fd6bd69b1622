import { readLogKeys, readWitnessKeys } from '@contactpoint/audit-log/log-keys';
import type { LogSource } from '@contactpoint/audit-verifier/log-source';
import type { VerificationReport } from '@contactpoint/audit-verifier/report';
import { makeSample, type SampleDeployment } from '@contactpoint/audit-verifier/testing/sample-deployment';
import { verify } from '@contactpoint/audit-verifier/verify';

/** Trials of a property; `NIGHTLY` asks for more. */
export const RUNS = process.env['NIGHTLY'] === undefined ? 40 : 1_000;

/** Milliseconds for a property: each trial verifies a whole deployment. */
export const PATIENCE = RUNS * 6_000;

/** A deployment to tamper with: three boots in a chain, an instance of one boot, and an aggregate that a witness signed. */
export function makeTarget(): SampleDeployment {
  return makeSample([
    { instance: 'gateway-1', leaves: 3, checkpoints: [1, 3] },
    { instance: 'gateway-1', leaves: 600, checkpoints: [1, 255, 256, 257, 512, 600] },
    { instance: 'gateway-1', leaves: 20, checkpoints: [8, 20] },
    { instance: 'import', leaves: 2, checkpoints: [2] },
  ]);
}

export async function verifyTarget(target: SampleDeployment, source: LogSource): Promise<VerificationReport> {
  return await verify({
    source,
    keys: readLogKeys(target.keys),
    witnesses: readWitnessKeys(target.witnessKeys),
  });
}

/**
 * Whether a change shows. A cosignature that names another key is one that the witness has not given: that is no fault of
 * the log, and stands in the figures.
 */
export function isFound({ sound, logs }: VerificationReport): boolean {
  const aggregate = logs.find(({ origin }) => origin.endsWith('/aggregate'));
  return !sound || aggregate?.cosigned['witness.example']?.checkpoints !== 3;
}

export function codes({ faults }: VerificationReport): string[] {
  return faults.map(({ code }) => code);
}
