import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchPersonaToken } from '@contactpoint/scripts/identity-provider/persona-token';
import type { Scenarios } from '@contactpoint/scripts/synthetic/scenarios';
import { bringUp, type RunningSystem, type SystemOptions } from '@contactpoint/scripts/system/bring-up';
import { decodeJwt } from 'jose';
import { request } from 'undici';
import { inject } from 'vitest';
import { freeRange } from './free-port.ts';
import { TEMPLATE_CHILDREN } from './system-template.ts';

/** A whole system of real processes, for one test file. */
export interface TestSystem extends RunningSystem {
  readonly data: string;
  readonly scenarios: Scenarios;
  /** An access token, as `npm run token` prints it. */
  token(persona: string): Promise<string>;
  /** One operation as a persona, through HTTP. */
  ask(persona: string, question: Question): Promise<Answer>;
  /** Stops everything and removes its folder. */
  remove(): Promise<void>;
}

export interface Question {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** `S47`; no header where it is absent. */
  readonly purpose?: string;
  /** A sufficient one where a purpose is stated. */
  readonly reason?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The bytes as they came. */
  readonly text: string;
  readonly body: {
    // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever shape it asked for.
    readonly data?: any;
    readonly errors?: readonly {
      readonly message: string;
      readonly path?: readonly (string | number)[];
      readonly extensions?: Readonly<Record<string, unknown>>;
    }[];
  };
}

/** Milliseconds that a token has left where it is given: some situations last longer than one. */
const LEFT = 300_000;

export async function startTestSystem(
  options: Partial<
    Pick<SystemOptions, 'auditDatabaseUrl' | 'children' | 'gatewayEnvironment' | 'redisUrl'>
  > = {},
): Promise<TestSystem> {
  const data = mkdtempSync(join(tmpdir(), 'contactpoint-test-system-'));
  const { children = TEMPLATE_CHILDREN } = options;
  // Not fs.cp: it would give the clusters' files to whoever copies them, and PostgreSQL does not run as root.
  if (children === TEMPLATE_CHILDREN) execFileSync('cp', ['-a', `${inject('systemTemplate')}/.`, data]);
  const system = await bringUp({ data, port: await freeRange(), ...options, children });
  const scenarios = JSON.parse(readFileSync(join(data, 'scenarios.json'), 'utf8')) as Scenarios;
  const tokens = new Map<string, string>();

  const token = async (persona: string): Promise<string> => {
    const known = tokens.get(persona);
    if (known !== undefined && (decodeJwt(known).exp ?? 0) * 1_000 - Date.now() > LEFT) return known;
    const fetched = await fetchPersonaToken(system.urls.identityProvider, persona);
    tokens.set(persona, fetched);
    return fetched;
  };

  return {
    ...system,
    data,
    scenarios,
    token,
    async ask(persona, { query, variables = {}, purpose, reason, headers = {} }) {
      const answer = await request(`${system.urls.gateway}/graphql`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${await token(persona)}`,
          'content-type': 'application/json',
          ...(purpose === undefined ? {} : { 'access-purpose': purpose }),
          'access-reason': reason ?? 'Enquiry opened this morning',
          ...headers,
        },
        body: JSON.stringify({ query, variables }),
        // No answer takes as long: better a failure that names the question than a test out of time.
        ...{ headersTimeout: 30_000, bodyTimeout: 30_000 },
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, headers: answer.headers, text, body: JSON.parse(text) };
    },
    async remove() {
      await system.stop();
      rmSync(data, { recursive: true, force: true });
    },
  };
}
