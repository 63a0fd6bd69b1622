import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** How to run a program that refuses to run as root, and who then owns its files. */
export interface Unprivileged {
  /** Words to put before the command, empty where none are needed. */
  readonly prefix: readonly string[];
  /** Numeric owner to hand files and process to; undefined leaves both as they are. */
  readonly uid: number | undefined;
}

/** `nobody` on every Linux distribution: owns nothing, so a fault in the server reaches nothing else. */
const NOBODY = 65_534;

/**
 * PostgreSQL refuses to start as root. As root its files go to `nobody`, unless one of the paths lies below a folder
 * that only root may enter (a clone under /root, `mktemp -d`); there a user namespace hides root from the server while
 * file access still works.
 *
 * @param paths Folders that the program must be able to reach.
 */
export function unprivileged(paths: readonly string[]): Unprivileged {
  if (process.getuid?.() !== 0) return { prefix: [], uid: undefined };
  if (paths.every(isReachableByOthers)) return { prefix: [], uid: NOBODY };
  return { prefix: [findUnshare(), '--user', '--'], uid: undefined };
}

function isReachableByOthers(path: string): boolean {
  for (let folder = path; ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

function findUnshare(): string {
  const program = '/usr/bin/unshare';
  try {
    accessSync(program, constants.X_OK);
    return program;
  } catch (cause) {
    throw new Error(
      'PostgreSQL does not run as root, and this checkout lies in a folder that only root may enter: ' +
        'move it, run as another user, or set DATABASE_URL and AUDIT_DATABASE_URL',
      { cause },
    );
  }
}
