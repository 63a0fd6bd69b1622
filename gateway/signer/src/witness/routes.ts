import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { CHECKPOINT_HEADERS } from '../http/server.ts';
import type { Witness, WitnessAnswer } from './witness.ts';
import type { WitnessState } from './witness-state.ts';

/** Bytes: 63 hashes and a note take less than 10,000. */
const BODY_LIMIT = 65_536;

/** `POST /add-checkpoint`, and for monitors what was cosigned last. @see https://c2sp.org/tlog-witness */
export function witnessRoutes(
  app: FastifyInstance,
  options: {
    readonly witness: Witness;
    readonly state: WitnessState;
    readonly onAnswer: (status: WitnessAnswer['status']) => void;
  },
): void {
  const { witness, state, onAnswer } = options;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  app.post<{ Body: string }>('/add-checkpoint', { bodyLimit: BODY_LIMIT }, async (request, reply) => {
    const answer = await witness.addCheckpoint(request.body ?? '');
    onAnswer(answer.status);
    const type = answer.status === 409 ? 'text/x.tlog.size' : 'text/plain; charset=utf-8';
    return reply.code(answer.status).type(type).send(answer.body);
  });
  app.get<{ Params: { hash: string } }>('/:hash/checkpoint', async (request, reply) => {
    for (const { origin, note } of state.logs) {
      if (createHash('sha256').update(origin).digest('hex') !== request.params.hash) continue;
      return reply.headers(CHECKPOINT_HEADERS).send(note);
    }
    return reply.callNotFound();
  });
}
