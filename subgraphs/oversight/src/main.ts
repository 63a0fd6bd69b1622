import { databaseUrl, required } from '@contactpoint/subgraph-kit/environment';
import { EXIT_CONFIG, SettingError } from '@contactpoint/subgraph-kit/setting-error';
import { runSubgraph } from '@contactpoint/subgraph-kit/subgraph';
import { oversightSubgraph } from './definition.ts';

await runSubgraph(oversightSubgraph({ auditUrl: readAuditUrl() }));

/** Read before everything else, as the kit knows nothing of it; refused with the same words and the same exit code. */
function readAuditUrl(): string {
  try {
    return databaseUrl(required(process.env, 'AUDIT_DATABASE_URL'), 'AUDIT_DATABASE_URL');
  } catch (cause) {
    if (!(cause instanceof SettingError)) throw cause;
    process.stderr.write(`oversight does not start: ${cause.message}\n`);
    process.exit(EXIT_CONFIG);
  }
}
