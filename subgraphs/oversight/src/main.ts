import { databaseUrl, required } from '@contactpoint/subgraph-kit/environment';
import { EXIT_CONFIG, SettingError } from '@contactpoint/subgraph-kit/setting-error';
import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import { readAlertSettings } from './alerts/settings-file.ts';
import { type OversightOptions, oversightSubgraph } from './definition.ts';

await runSubgraph(oversightSubgraph(readOptions()));

/** Read before everything else, as the kit knows nothing of it; refused with the same words and the same exit code. */
function readOptions(): OversightOptions {
  try {
    return {
      auditUrl: databaseUrl(required(process.env, 'AUDIT_DATABASE_URL'), 'AUDIT_DATABASE_URL'),
      alerts: readAlertSettings(process.env['ALERT_SETTINGS_FILE']),
    };
  } catch (cause) {
    if (!(cause instanceof SettingError)) throw cause;
    process.stderr.write(`oversight does not start: ${cause.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}
