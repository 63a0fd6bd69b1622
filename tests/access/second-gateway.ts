import { join } from 'node:path';
import { startService } from '@contactpoint/scripts/system/service';
import { request } from 'undici';
import { freePort } from '../free-port.ts';
import { readMetric } from '../metric.ts';
import type { Answer, Question, TestSystem } from '../running-system.ts';

/** A gateway beside the system's own, with everything but its name and its port in common. */
export interface SecondGateway {
  readonly url: string;
  ask(persona: string, question: Question): Promise<Answer>;
  /** Whether changes are provably pushed to it. */
  isPushed(): Promise<boolean>;
  stop(): Promise<void>;
}

export async function startSecondGateway(
  system: TestSystem,
  settings: Readonly<Record<string, string>> = {},
): Promise<SecondGateway> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const service = startService({
    name: 'gateway-2',
    module: new URL('../../gateway/server/src/main.ts', import.meta.url),
    environment: {
      PORT: String(port),
      INSTANCE: 'gateway-2',
      SUPERGRAPH_FILE: join(system.data, 'supergraph.graphql'),
      GRANT_KEYS_FOLDER: system.secrets.grantKeys,
      AUDIT_DATABASE_URL: system.clusters.audit.writerUrl,
      AUDIT_KEYS_FILE: system.secrets.auditKeys,
      DIGEST_KEY_FILE: system.secrets.digestKey,
      OIDC_ISSUER: system.urls.identityProvider,
      OIDC_AUDIENCE: 'https://contactpoint.example/graphql',
      ...settings,
    },
    logFile: join(system.data, 'logs', 'gateway-2.log'),
    health: `${url}/ready`,
  });
  await service.ready();

  return {
    url,
    async ask(persona, { query, variables = {}, purpose, reason, headers = {} }) {
      const answer = await request(`${url}/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await system.token(persona)}`,
          'content-type': 'application/json',
          ...(purpose === undefined ? {} : { 'access-purpose': purpose }),
          'access-reason': reason ?? 'Enquiry opened this morning',
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, headers: answer.headers, text, body: JSON.parse(text) };
    },
    isPushed: async () => (await readMetric(url, 'contactpoint_changes_pushed')) === 1,
    stop: () => service.stop(),
  };
}
