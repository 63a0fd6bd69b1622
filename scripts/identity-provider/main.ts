import { startIdentityProvider } from './server.ts';
import { readSettings, SettingsError } from './settings.ts';

/** EX_CONFIG and EX_UNAVAILABLE of sysexits.h. */
const WRONG_SETTING = 78;
const UNAVAILABLE = 69;

try {
  const identityProvider = await startIdentityProvider(readSettings(process.env));
  console.log(`Identity provider for development only, ${identityProvider.issuer}`);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      identityProvider.close().then(
        () => process.exit(0),
        () => process.exit(1),
      );
    });
  }
} catch (cause) {
  console.error(cause instanceof Error ? cause.message : String(cause));
  process.exitCode = cause instanceof SettingsError ? WRONG_SETTING : UNAVAILABLE;
}
