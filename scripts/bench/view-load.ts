import { readFileSync } from 'node:fs';
import { Agent, request } from 'undici';
import { fetchPersonaToken } from '../identity-provider/persona-token.ts';
import { cpuOf } from './cpu.ts';

export interface ViewLoad {
  readonly gateway: string;
  readonly identityProvider: string;
  /** ContactPoint number of the child that every agency knows. */
  readonly child: string;
  readonly callers: number;
  readonly seconds: number;
  /** Processes of the system that answers. */
  readonly system: () => readonly number[];
}

export interface ViewLoadFigures {
  readonly perSecond: number;
  /** CPU microseconds of one joined view, in all processes of the system. */
  readonly cpu: number;
}

const QUERY = readFileSync(new URL('joined-view.graphql', import.meta.url), 'utf8');

/** Milliseconds before what counts. */
const WARM_UP = 3_000;

/** Callers that ask for the joined view again as soon as they are answered. @throws Error for a refusal. */
export async function measureViewLoad(load: ViewLoad): Promise<ViewLoadFigures> {
  const token = await fetchPersonaToken(load.identityProvider, 'social-worker');
  const dispatcher = new Agent({ connections: load.callers, pipelining: 1 });
  try {
    await ask(load, token, dispatcher, WARM_UP);
    const begun = performance.now();
    const before = cpuOf(load.system());
    const views = await ask(load, token, dispatcher, load.seconds * 1_000);
    const took = performance.now() - begun;
    return {
      perSecond: Math.round((views / took) * 1_000),
      cpu: (cpuOf(load.system()) - before) / views,
    };
  } finally {
    await dispatcher.destroy();
  }
}

async function ask(load: ViewLoad, token: string, dispatcher: Agent, milliseconds: number): Promise<number> {
  const end = performance.now() + milliseconds;
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'access-purpose': 'S47',
    'access-reason': 'Measurement of the joined view',
  };
  const body = JSON.stringify({ query: QUERY, variables: { id: load.child } });
  let views = 0;
  const call = async () => {
    while (performance.now() < end) {
      const answer = await request(`${load.gateway}/graphql`, { dispatcher, method: 'POST', headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 200)
        throw new Error(`The gateway does not answer the joined view: ${answer.statusCode}`);
      views++;
    }
  };
  await Promise.all(Array.from({ length: load.callers }, call));
  return views;
}
