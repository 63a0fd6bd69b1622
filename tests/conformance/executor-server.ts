import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createExecutor } from '@contactpoint/executor/executor';
import { PlanError } from '@contactpoint/executor/planning/plan-error';
import { hooks } from '@contactpoint/executor/testing/hooks';
import { readGraphs } from '@contactpoint/gateway/subject-sectors';
import { buildSchema, type ExecutionResult, GraphQLError } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/http';

export interface ExecutorServer {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * The executor alone behind HTTP, `POST /graphql` on any free port. No access, no audit, any supergraph: it is what a suite
 * of federation's features is run against, and never what a record is served by.
 */
export async function startExecutorServer(supergraphSdl: string): Promise<ExecutorServer> {
  const graphs = readGraphs(buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true }));
  const executor = createExecutor({
    supergraphSdl,
    endpoints: Object.fromEntries([...graphs.values()].map(({ name, url }) => [name, url])),
    subjectTypes: new Set(),
  });
  const answer = createHandler({
    schema: executor.schema,
    async execute({ document, operationName, variableValues }): Promise<ExecutionResult> {
      try {
        const operation = executor.prepare({
          document,
          operationName: operationName ?? undefined,
          refused: new Set(),
        });
        const variables = variableValues ?? {};
        const { data, errors } = await executor.execute({ operation, variables, hooks: hooks() });
        if (errors.length === 0) return { data: data ?? null };
        return { data: data ?? null, errors: errors.map((error) => new GraphQLError(error.message, error)) };
      } catch (cause) {
        if (!(cause instanceof PlanError)) throw cause;
        return { errors: [new GraphQLError(cause.message, { extensions: { code: cause.code } })] };
      }
    },
  });
  const server = createServer((request, response) => {
    if (request.url === '/graphql') void answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await executor.close();
    },
  };
}
