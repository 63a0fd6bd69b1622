import pino from 'pino';
import { readConfig } from './config.ts';
import { ConfigError } from './config-error.ts';
import { createGateway } from './gateway.ts';

/** EX_CONFIG of sysexits.h. */
const EXIT_CONFIG = 78;

try {
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel, base: { service: 'gateway', instance: config.instance } });
  const gateway = await createGateway(config, logger);
  await gateway.app.listen({ port: config.port, host: config.host }).catch((cause: unknown) => {
    const { code = 'unknown' } = cause as { readonly code?: string };
    throw new ConfigError(`PORT ${config.port} on ${config.host} cannot be listened on (${code})`, { cause });
  });

  process.on('SIGHUP', () => void gateway.lookForSupergraph());
  const stop = (signal: NodeJS.Signals) => {
    logger.info({ signal }, 'draining');
    gateway.stop().then(
      () => process.exit(0),
      (err: unknown) => {
        logger.error({ err }, 'not drained');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
} catch (cause) {
  const sentence = cause instanceof Error ? cause.message : String(cause);
  process.stderr.write(`gateway does not start: ${sentence}\n`);
  process.exit(cause instanceof ConfigError ? EXIT_CONFIG : 1);
}
