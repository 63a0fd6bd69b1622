import { Pool } from 'undici';
import { isRecord, own } from './record.ts';

export interface SubgraphRequest {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** An answer in GraphQL's form, its content still unchecked; or none. */
export type SubgraphAnswer =
  | {
      readonly kind: 'ANSWERED';
      readonly data: Record<string, unknown> | undefined;
      readonly errors: readonly unknown[];
    }
  | { readonly kind: 'UNAVAILABLE' };

export interface SubgraphClient {
  /** Never rejects: whatever goes wrong on the way is UNAVAILABLE. */
  ask(request: SubgraphRequest, signal: AbortSignal | undefined): Promise<SubgraphAnswer>;
  close(): Promise<void>;
}

export interface SubgraphClientOptions {
  readonly endpoint: URL;
  /** Milliseconds from sending to the last byte. */
  readonly timeout: number;
  readonly maxAnswerBytes: number;
}

const UNAVAILABLE: SubgraphAnswer = { kind: 'UNAVAILABLE' };
const JSON_MEDIA = /^application\/(?:graphql-response\+)?json\b/i;

/** Connections to one subgraph. */
export function createSubgraphClient(options: SubgraphClientOptions): SubgraphClient {
  const { endpoint, timeout, maxAnswerBytes } = options;
  // The timeout below covers the whole request; undici's own would cover parts of it again.
  const pool = new Pool(endpoint.origin, { connections: 64, headersTimeout: 0, bodyTimeout: 0 });
  const path = endpoint.pathname + endpoint.search;

  return {
    async ask(request, signal) {
      const deadline = new AbortController();
      const abort = (): void => deadline.abort();
      const timer = setTimeout(abort, timeout);
      signal?.addEventListener('abort', abort, { once: true });
      if (signal?.aborted) abort();
      try {
        const response = await pool.request({
          path,
          method: 'POST',
          headers: { 'content-type': 'application/json', accept: 'application/json' },
          body: JSON.stringify(request),
          signal: deadline.signal,
        });
        const media = response.headers['content-type'];
        if (response.statusCode !== 200 || typeof media !== 'string' || !JSON_MEDIA.test(media)) {
          response.body.on('error', () => undefined).destroy();
          return UNAVAILABLE;
        }
        return readAnswer(await readText(response.body, maxAnswerBytes));
      } catch {
        return UNAVAILABLE;
      } finally {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      }
    },
    close: () => pool.close(),
  };
}

/** @throws RangeError as soon as the answer is longer than allowed; leaving the loop closes the connection. */
async function readText(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new RangeError('The answer is too long');
    chunks.push(chunk);
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks, length));
}

function readAnswer(text: string): SubgraphAnswer {
  const answer: unknown = JSON.parse(text);
  if (!isRecord(answer)) return UNAVAILABLE;
  const data = own(answer, 'data') ?? undefined;
  const errors = own(answer, 'errors') ?? [];
  if (!Array.isArray(errors) || (data !== undefined && !isRecord(data))) return UNAVAILABLE;
  // Neither data nor a reason why not: whatever this is, it is no GraphQL answer.
  if (data === undefined && errors.length === 0) return UNAVAILABLE;
  return { kind: 'ANSWERED', data, errors };
}
