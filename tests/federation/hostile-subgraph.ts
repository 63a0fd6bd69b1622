import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type FieldNode, Kind, type OperationDefinitionNode, parse, type SelectionSetNode } from 'graphql';

/** What a subgraph was asked, as it came. */
export interface AskedOperation {
  readonly query: string;
  readonly variables: {
    readonly representations?: readonly { readonly __typename: string; readonly id: string }[];
  };
}

export type Reply = (asked: AskedOperation, response: ServerResponse, request: IncomingMessage) => void;

/** A server in a subgraph's place that answers whatever it is told to. */
export interface HostileSubgraph {
  readonly asked: readonly AskedOperation[];
  reply: Reply;
  stop(): Promise<void>;
}

export async function listenAsSubgraph(port: number): Promise<HostileSubgraph> {
  const asked: AskedOperation[] = [];
  const hostile = { asked, reply: never, stop: () => stop(server) };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      const operation = (text === '' ? { query: '', variables: {} } : JSON.parse(text)) as AskedOperation;
      asked.push(operation);
      hostile.reply(operation, response, request);
    });
  });
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening));
  return hostile;
}

/** Takes the request and says nothing, for as long as anybody waits. */
export const never: Reply = () => undefined;

export function plain(body: string, status = 200, type = 'application/json'): Reply {
  return (_asked, response) => void response.writeHead(status, { 'content-type': type }).end(body);
}

/** One answer, made of what was asked. */
export function json(answer: (asked: AskedOperation) => unknown, status = 200): Reply {
  return (asked, response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(JSON.stringify(answer(asked)));
}

/** Entities under the keys that the query wants, each with values by field name. */
export function entities(
  { query, variables }: AskedOperation,
  record: (id: string) => Readonly<Record<string, unknown>>,
): Record<string, unknown>[] {
  const [definition] = parse(query).definitions;
  const root = (definition as OperationDefinitionNode).selectionSet;
  const wanted = fieldsOf(root).find(({ name }) => name.value === '_entities')?.selectionSet;
  return (variables.representations ?? []).map(({ id }) =>
    select(wanted, { __typename: 'Child', id, ...record(id) }),
  );
}

function select(
  selectionSet: SelectionSetNode | undefined,
  record: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const fields = selectionSet === undefined ? [] : fieldsOf(selectionSet);
  return Object.fromEntries(
    fields.map((field) => [
      field.alias?.value ?? field.name.value,
      completed(field, record[field.name.value] ?? null),
    ]),
  );
}

function completed(field: FieldNode, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => completed(field, item));
  if (typeof value !== 'object' || value === null || field.selectionSet === undefined) return value;
  return select(field.selectionSet, value as Record<string, unknown>);
}

function fieldsOf({ selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return selection;
    return selection.kind === Kind.INLINE_FRAGMENT ? fieldsOf(selection.selectionSet) : [];
  });
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((closed) => server.close(() => closed()));
}
