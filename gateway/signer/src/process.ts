import type { FastifyInstance } from 'fastify';
import { EXIT_CONFIG, SettingError } from './setting-error.ts';

export interface RunningProcess {
  /** Rejects when it cannot go on. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Milliseconds to finish after SIGTERM. */
const STOP_LIMIT = 12_000;

/**
 * A `main.ts`: starts, stops on SIGTERM or SIGINT, and ends with code 78 and a sentence that names the setting where one
 * is missing or wrong.
 */
export async function runProcess(name: string, start: () => Promise<RunningProcess>): Promise<void> {
  try {
    const { ended, stop } = await start();
    let isStopping = false;
    const end = () => {
      if (isStopping) return;
      isStopping = true;
      setTimeout(() => process.exit(1), STOP_LIMIT).unref();
      stop().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    };
    process.on('SIGTERM', end);
    process.on('SIGINT', end);
    await ended;
  } catch (cause) {
    process.stderr.write(
      `${name} does not start: ${cause instanceof Error ? cause.message : String(cause)}\n`,
    );
    process.exit(cause instanceof SettingError ? EXIT_CONFIG : 1);
  }
}

/** @throws SettingError naming the port that is taken. */
export async function listening(app: FastifyInstance, host: string, port: number): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const { code = 'unknown' } = cause as { readonly code?: string };
    throw new SettingError('PORT', `${port} on ${host} cannot be listened on (${code})`, { cause });
  }
}
