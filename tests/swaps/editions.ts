import { createServer, type Server, type ServerResponse } from 'node:http';
import { compose } from '@contactpoint/composition/compose';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import type { Ports } from '@contactpoint/scripts/system/ports';

/** A seventh subgraph, at another address in each version of the supergraph, which tells by which it was asked. */
export interface Editions {
  /** @returns The supergraph's SDL: even editions have `Edition.even`, odd ones `Edition.odd`. */
  supergraphOf(edition: number): string;
  /** Editions of which requests are held back, until they are let go. */
  readonly held: Map<number, PromiseWithResolvers<void>>;
  /** Tells every stream that is open of the edition by which it was opened. */
  tell(): void;
  /** Streams that are open. */
  listening(): number;
  /** Requests by edition. */
  readonly asked: Map<number, number>;
  /** Connections that are open. */
  connections(): Promise<number>;
  stop(): Promise<void>;
}

const NAME = 'register';

export async function startEditions(port: number, ports: Ports): Promise<Editions> {
  const asked = new Map<number, number>();
  const held = new Map<number, PromiseWithResolvers<void>>();
  const streams = new Map<ServerResponse, number>();
  const server = createServer((request, response) => {
    const edition = Number(/^\/editions\/(\d+)$/.exec(request.url ?? '')?.[1] ?? Number.NaN);
    request.resume().on('end', async () => {
      if (request.headers.accept === 'text/event-stream') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        streams.set(response, edition);
        response.once('close', () => streams.delete(response));
        return;
      }
      if (request.url !== '/health') {
        asked.set(edition, (asked.get(edition) ?? 0) + 1);
        await held.get(edition)?.promise;
      }
      const answer = { data: { edition: { number: edition, [parityOf(edition)]: `edition ${edition}` } } };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  const composed = [0, 1].map((parity) => composeFor(parityOf(parity), port, ports));

  return {
    asked,
    held,
    tell() {
      for (const [stream, number] of streams)
        stream.write(`event: next\ndata: ${JSON.stringify({ data: { editionTold: { number } } })}\n\n`);
    },
    listening: () => streams.size,
    supergraphOf: (edition) => (composed[edition % 2] as string).replace(PLACE, String(edition)),
    connections: () => connectionsOf(server),
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Where the number of an edition stands in the SDL. */
const PLACE = 'EDITION';

function parityOf(edition: number): 'even' | 'odd' {
  return edition % 2 === 0 ? 'even' : 'odd';
}

function composeFor(parity: string, port: number, ports: Ports): string {
  const contract = CONTRACT_SUBGRAPHS.map((name) => ({
    name,
    url: `http://127.0.0.1:${ports[name]}/graphql`,
    sdl: readContract(name),
  }));
  const [head] = readContract('accreditation').split('scalar Date', 1);
  const sdl = `${head}
    type Query { edition: Edition @authenticated @sensitivity(class: REFERENCE) }
    type Subscription { editionTold: Edition @authenticated @sensitivity(class: REFERENCE) }
    type Edition @sensitivity(class: REFERENCE) { number: Int ${parity}: String }`;
  const url = `http://127.0.0.1:${port}/editions/${PLACE}`;
  const { supergraphSdl, errors } = compose([...contract, { name: NAME, url, sdl }]);
  if (supergraphSdl === undefined) throw new Error(errors.map(({ message }) => message).join('; '));
  return supergraphSdl;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((settle, reject) =>
    server.getConnections((cause, count) => (cause === null ? settle(count) : reject(cause))),
  );
}
