import { randomInt, randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';

/** Callers that ask again as soon as they are answered, each on a connection of its own. */
export interface Callers {
  /** What was asked, by the receipt of an answer that arrived in full. */
  readonly answered: ReadonlyMap<string, string>;
  /** Requests that ended otherwise. */
  readonly broken: number;
  /** Resolves in the very moment in which some number more of them have been answered: between 50 and 250, at random. */
  some(): Promise<void>;
  /** Lets every caller finish what it has sent. */
  end(): Promise<void>;
}

export function startCallers(url: string, count: number): Callers {
  const dispatcher = new Agent({ connections: count, pipelining: 1 });
  const answered = new Map<string, string>();
  let broken = 0;
  let over = false;
  let awaited: { readonly size: number; readonly reached: () => void } | undefined;

  const askOnce = async (): Promise<void> => {
    const asked = randomUUID();
    const { statusCode, headers, body } = await request(url, { dispatcher, method: 'POST', body: asked });
    // To the last byte, or it throws.
    await body.text();
    const receipt = headers['access-log'];
    if (statusCode !== 200 || typeof receipt !== 'string') throw new Error(`answered ${statusCode}`);
    answered.set(receipt, asked);
    if (awaited !== undefined && answered.size >= awaited.size) awaited.reached();
  };
  const call = async (): Promise<void> => {
    while (!over) {
      await askOnce().catch(async () => {
        broken++;
        await new Promise((later) => setTimeout(later, 5));
      });
    }
  };

  const running = Array.from({ length: count }, call);
  return {
    answered,
    get broken() {
      return broken;
    },
    some() {
      const size = answered.size + 50 + randomInt(200);
      return new Promise((reached) => {
        awaited = { size, reached };
      });
    },
    async end() {
      over = true;
      await Promise.all(running);
      await dispatcher.destroy();
    },
  };
}
