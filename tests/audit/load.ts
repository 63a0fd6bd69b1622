import { Agent, request } from 'undici';
import type { TestSystem } from '../running-system.ts';

/** What one caller got of one request. */
interface Reply {
  readonly status: number;
  /** `Access-Log`; undefined where there was none. */
  readonly receipt: string | undefined;
  readonly body: { readonly data?: unknown; readonly errors?: readonly { readonly extensions?: unknown }[] };
}

export interface Load {
  /** Complete answers, as they came. */
  readonly replies: readonly Reply[];
  /** Requests that ended without a complete answer. */
  readonly broken: number;
  /** Lets every caller finish what it has sent. */
  end(): Promise<void>;
}

const QUERY = 'query UnderLoad($id: ID!) { child(id: $id) { id familyName } }';

/** Callers that ask again as soon as they are answered, each on a connection of its own, until they are told to end. */
export async function startLoad(system: TestSystem, callers: number): Promise<Load> {
  const authorization = `Bearer ${await system.token('social-worker')}`;
  const dispatcher = new Agent({ connections: callers, pipelining: 1 });
  const load = { replies: [] as Reply[], broken: 0 };
  let over = false;

  const call = async (): Promise<void> => {
    while (!over) {
      try {
        load.replies.push(await askOnce());
      } catch {
        load.broken++;
        await new Promise((later) => setTimeout(later, 5));
      }
    }
  };
  const askOnce = async (): Promise<Reply> => {
    const { statusCode, headers, body } = await request(`${system.urls.gateway}/graphql`, {
      dispatcher,
      method: 'POST',
      headers: {
        authorization,
        'content-type': 'application/json',
        'access-purpose': 'S47',
        'access-reason': 'Enquiry opened this morning',
      },
      body: JSON.stringify({ query: QUERY, variables: { id: system.scenarios.joined } }),
    });
    const receipt = headers['access-log'];
    const read = (await body.json()) as Reply['body'];
    return { status: statusCode, receipt: typeof receipt === 'string' ? receipt : undefined, body: read };
  };

  const running = Array.from({ length: callers }, call);
  return {
    get replies() {
      return load.replies;
    },
    get broken() {
      return load.broken;
    },
    async end() {
      over = true;
      await Promise.all(running);
      await dispatcher.destroy();
    },
  };
}
