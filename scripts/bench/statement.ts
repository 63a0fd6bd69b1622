import { connect } from '@contactpoint/subgraph-kit/store';
import { Agent, request } from 'undici';
import { fetchPersonaToken } from '../identity-provider/persona-token.ts';
import type { RunFile } from '../system/run-file.ts';
import { type Latency, summarise } from './latency.ts';
import { ACCESSES_OF_A_CHILD, benchChild, fillProjection } from './statement-rows.ts';

export interface StatementBench {
  readonly events: number;
  /** Statements that are measured, of as many children as there are. */
  readonly rounds: number;
}

export interface StatementLatency {
  /** Milliseconds of statements whose child was not asked about before. */
  readonly first: Latency;
  /** And of the same ones again. */
  readonly again: Latency;
}

const QUERY = `query Statement($childId: ID!) {
  accessStatement(childId: $childId) {
    childId childIds from to
    events { origin index at practitionerId role organisationId purpose breakGlass operationName outcome
      subjects { childId released withheld categories } }
    checkpoint { origin size rootHash signedNote at } } }`;

/** Statements before the first one that counts, of a child that does not. */
const WARM_UP = 20;

/** Fills oversight of a running system; in seconds. */
export async function fillOversight(run: RunFile, events: number): Promise<number> {
  const { oversight } = run.databases;
  if (oversight === undefined) throw new Error('The system has no oversight');
  const begun = performance.now();
  const store = connect(oversight, { max: 1 });
  try {
    await fillProjection(store, events);
  } finally {
    await store.end();
  }
  return (performance.now() - begun) / 1_000;
}

/**
 * Asks for statements as the persona auditor, through the gateway, one after the other.
 *
 * @throws Error when an answer is no whole statement.
 */
export async function measureStatement(
  run: RunFile,
  { events, rounds }: StatementBench,
): Promise<StatementLatency> {
  const token = await fetchPersonaToken(run.urls.identityProvider, 'auditor');
  const dispatcher = new Agent({ connections: 1 });
  const once = async (place: number): Promise<number> => {
    const body = JSON.stringify({ query: QUERY, variables: { childId: benchChild(place) } });
    const asked = performance.now();
    const answer = await request(`${run.urls.gateway}/graphql`, {
      dispatcher,
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });
    const text = await answer.body.text();
    const took = performance.now() - asked;
    const { data } = JSON.parse(text) as { data?: { accessStatement?: { events: readonly unknown[] } } };
    if ((data?.accessStatement?.events.length ?? 0) < Math.min(events, ACCESSES_OF_A_CHILD))
      throw new Error(
        `The gateway does not answer the statement: ${answer.statusCode} ${text.slice(0, 300)}`,
      );
    return took;
  };

  try {
    for (let turn = 0; turn < WARM_UP; turn++) await once(0);
    const children = Math.max(1, Math.ceil(events / ACCESSES_OF_A_CHILD));
    // Far apart: children who are neighbours in the log are neighbours in its pages.
    const placeOf = (round: number) => Math.floor(((round + 0.5) * children) / rounds) % children;
    const measure = async () => {
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) times.push(await once(placeOf(round)));
      return summarise(times);
    };
    return { first: await measure(), again: await measure() };
  } finally {
    await dispatcher.close();
  }
}
