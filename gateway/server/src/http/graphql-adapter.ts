import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLSchema } from 'graphql';
import type { PipelineResponse, SubmittedOperation } from '../pipeline/request.ts';
import { answerStatus } from './answer-status.ts';

/** One way from HTTP to the pipeline and back. It decides nothing: whatever it cannot read enters the pipeline as well. */
export interface GraphqlAdapter {
  handle(request: FastifyRequest, reply: FastifyReply): Promise<void>;
  /** Another supergraph is served. */
  onSchema(schema: GraphQLSchema): void;
  stop(): Promise<void>;
}

export const ADAPTERS = ['fastify', 'apollo'] as const;

export type AdapterName = (typeof ADAPTERS)[number];

export function sendResponse(reply: FastifyReply, response: PipelineResponse, contentType?: string): void {
  const type = contentType?.includes('graphql-response+json')
    ? 'application/graphql-response+json; charset=utf-8'
    : 'application/json; charset=utf-8';
  const status = answerStatus(response, type, reply.request.headers.accept);
  void reply.code(status).headers(response.headers).type(type).send(JSON.stringify(response.body));
}

/** A request that is no operation, as it enters the pipeline. */
export function notAnOperation(message: string, status = 400, code = 'BAD_REQUEST'): SubmittedOperation {
  return { kind: 'unreadable', status, errors: [{ message, extensions: { code } }] };
}
