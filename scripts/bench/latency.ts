import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { fetchPersonaToken } from '../identity-provider/persona-token.ts';

/** Milliseconds of one caller's requests, from sending to the last byte. */
export interface Latency {
  readonly rounds: number;
  readonly median: number;
  readonly p95: number;
  readonly p99: number;
  readonly slowest: number;
}

export interface ViewBench {
  readonly gateway: string;
  readonly identityProvider: string;
  /** ContactPoint number of the child that every agency knows. */
  readonly child: string;
  readonly rounds: number;
}

/** Requests before the first one that counts: compilers and pools are warm then, as on any day but the first. */
const WARM_UP = 100;

const QUERY = readFileSync(new URL('joined-view.graphql', import.meta.url), 'utf8');

/**
 * Asks for the joined view as the persona social-worker, one request after the other on one connection.
 *
 * @throws Error when an answer is not the whole view: a refusal is quick and means nothing here.
 */
export async function measureView({ gateway, identityProvider, child, rounds }: ViewBench): Promise<Latency> {
  const token = await fetchPersonaToken(identityProvider, 'social-worker');
  const dispatcher = new Agent({ connections: 1 });
  const body = JSON.stringify({ query: QUERY, variables: { id: child } });
  const once = async (): Promise<number> => {
    const begun = performance.now();
    const answer = await request(`${gateway}/graphql`, {
      dispatcher,
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'access-purpose': 'S47',
        'access-reason': 'Measurement of the joined view',
      },
      body,
    });
    const text = await answer.body.text();
    const took = performance.now() - begun;
    const { errors, data } = JSON.parse(text) as {
      errors?: unknown;
      data?: { child?: { socialCare?: unknown } };
    };
    if (answer.statusCode !== 200 || errors !== undefined || data?.child?.socialCare == null) {
      throw new Error(
        `The gateway does not answer the joined view: ${answer.statusCode} ${text.slice(0, 300)}`,
      );
    }
    return took;
  };

  try {
    for (let turn = 0; turn < WARM_UP; turn++) await once();
    const times: number[] = [];
    for (let turn = 0; turn < rounds; turn++) times.push(await once());
    return summarise(times);
  } finally {
    await dispatcher.close();
  }
}

export function summarise(times: readonly number[]): Latency {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { rounds: sorted.length, median: at(0.5), p95: at(0.95), p99: at(0.99), slowest: at(1) };
}
