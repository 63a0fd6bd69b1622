import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { PreparedOperation } from '@contactpoint/executor/execution';
import { createExecutor } from '@contactpoint/executor/executor';
import type { AuthorizedRequest, ExecutionHooks, PendingFetch } from '@contactpoint/executor/hooks';
import { readGraphs } from '@contactpoint/gateway/subject-sectors';
import { buildSchema, parse, validate } from 'graphql';

/**
 * The executor behind the least of an HTTP server, deciding nothing: what it costs without access and audit, and no
 * gateway. `PORT`, and the supergraph's file in `SUPERGRAPH_FILE`.
 */
const supergraphSdl = readFileSync(process.env['SUPERGRAPH_FILE'] ?? '', 'utf8');
const graphs = readGraphs(buildSchema(supergraphSdl, { assumeValid: true, assumeValidSDL: true }));
const executor = createExecutor({
  supergraphSdl,
  endpoints: Object.fromEntries([...graphs.values()].map(({ name, url }) => [name, url])),
  subjectTypes: new Set(),
});

const RELEASE = { kind: 'RELEASE' } as const;
const GATE = { field: () => RELEASE, subject: () => RELEASE, absentSubject: () => RELEASE };
const NO_EXTENSIONS = {};

const hooks: ExecutionHooks = {
  beforeFetch: async (fetch) => [allow(fetch)],
  beforeRelease: async () => GATE,
};

function allow({ representations }: PendingFetch): AuthorizedRequest {
  const extensions = () => NO_EXTENSIONS;
  if (representations === undefined) return { extensions };
  const entities = representations.map((representation, index) => ({ index, representation, decoy: false }));
  return { entities, extensions };
}

const prepared = new Map<string, PreparedOperation>();

function prepare(query: string): PreparedOperation {
  const known = prepared.get(query);
  if (known !== undefined) return known;
  const document = parse(query);
  const [error] = validate(executor.schema, document);
  if (error !== undefined) throw error;
  const operation = executor.prepare({ document, refused: new Set() });
  prepared.set(query, operation);
  return operation;
}

const server = createServer((request, response) => {
  if (request.method !== 'POST') {
    response.end('{}');
    return;
  }
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(Buffer.concat(chunks).toString()).then(
      (body) => response.writeHead(200, headersOf(body)).end(body),
      (cause: unknown) => response.writeHead(500).end(String(cause)),
    );
  });
});

/** With a length, head and body leave in one write instead of in chunks. */
function headersOf(body: string) {
  return { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
}

async function answer(text: string): Promise<string> {
  const { query, variables } = JSON.parse(text) as {
    readonly query: string;
    readonly variables: Record<string, unknown>;
  };
  const { data, errors } = await executor.execute({ operation: prepare(query), variables, hooks });
  return JSON.stringify(errors.length === 0 ? { data } : { errors, data });
}

server.listen(Number(process.env['PORT']), '127.0.0.1');
process.once('SIGTERM', () => process.exit(0));
