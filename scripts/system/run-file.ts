import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as v from 'valibot';

const RunFile = v.object({
  /** Process of `npm start`. */
  pid: v.number(),
  deployment: v.string(),
  urls: v.object({ gateway: v.string(), identityProvider: v.string(), signer: v.string() }),
  /** Database URL by subgraph. */
  databases: v.record(v.string(), v.string()),
  audit: v.object({
    writerUrl: v.string(),
    readerUrl: v.string(),
    signerUrl: v.string(),
    retentionUrl: v.string(),
  }),
});

/** What a running system tells the other commands: where it is, and how its databases are reached. */
export type RunFile = v.InferOutput<typeof RunFile>;

/** Folder of everything a system keeps. */
export function dataFolder(): string {
  return resolve(process.env['CONTACTPOINT_DATA'] ?? '.contactpoint');
}

/** @returns undefined where no system has been started. */
export function readRunFile(data: string): RunFile | undefined {
  let text: string;
  try {
    text = readFileSync(join(data, 'run.json'), 'utf8');
  } catch {
    return undefined;
  }
  return v.parse(RunFile, JSON.parse(text));
}

export function writeRunFile(data: string, run: RunFile): void {
  writeFileSync(join(data, 'run.json'), `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
}

export function removeRunFile(data: string): void {
  rmSync(join(data, 'run.json'), { force: true });
}
