import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildName } from './sources.ts';

const BUILDS = fileURLToPath(new URL('../dist/', import.meta.url));

/** Builds kept: a system that runs goes on with the one that it began with. */
const KEPT = 3;

export interface EnsureOptions {
  /** Told that it builds, which takes a while; not told where the build is there. */
  readonly onBuild?: () => void;
  /** Ends a build under way. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The folder of the explorer as its sources are now, built where there is none yet. Each build has a folder of its own,
 * named by its sources, and appears whole or not at all: two that build at once cannot hurt each other.
 *
 * @throws Error with what Vite says.
 */
export async function ensureExplorer({ onBuild, signal }: EnsureOptions = {}): Promise<string> {
  const folder = join(BUILDS, buildName());
  if (existsSync(folder)) return folder;
  onBuild?.();
  const unfinished = join(BUILDS, `unfinished-${process.pid}`);
  await mkdir(BUILDS, { recursive: true });
  try {
    await build(unfinished, signal);
    await rename(unfinished, folder).catch((cause: unknown) => {
      if (!existsSync(folder)) throw cause;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  await removeOld(folder);
  return folder;
}

/** In a process of its own: what Vite needs of memory goes with it. */
function build(into: string, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = fileURLToPath(new URL('build.ts', import.meta.url));
    const env = { ...process.env, NODE_ENV: 'production' };
    execFile(process.execPath, [script, into], { env, signal }, (error, _out, said) => {
      if (error === null) resolve();
      else
        reject(new Error(`The explorer cannot be built: ${said.trim() || error.message}`, { cause: error }));
    });
  });
}

async function removeOld(current: string): Promise<void> {
  const builds = await Promise.all(
    (await readdir(BUILDS)).map(async (name) => {
      const folder = join(BUILDS, name);
      const made = await stat(folder).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { folder, made: folder === current ? Number.POSITIVE_INFINITY : made };
    }),
  );
  const old = builds.sort((a, b) => b.made - a.made).slice(KEPT);
  await Promise.all(old.map(({ folder }) => rm(folder, { recursive: true, force: true })));
}
