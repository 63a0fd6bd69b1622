import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { ExecutionResult } from '@contactpoint/executor/execution';
import { createExecutor } from '@contactpoint/executor/executor';
import { hooks } from '@contactpoint/executor/testing/hooks';
import { graphql, parse, validate } from 'graphql';

/** One subgraph of a test's supergraph: SDL without its `@link`, and resolvers as graphql-tools takes them. */
export interface TestSubgraph {
  readonly sdl: string;
  readonly resolvers: Readonly<Record<string, unknown>>;
}

export interface Federation {
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<ExecutionResult>;
  /** What the subgraphs were asked since the last call, `name: text` each. */
  asked(): readonly string[];
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@shareable", "@external", "@requires", "@provides", "@override", "@inaccessible", "@interfaceObject"])`;

/** Composes subgraphs and executes over them, all in this process: an answer goes through JSON and no further. */
export function federate(
  subgraphs: Readonly<Record<string, TestSubgraph>>,
  overrideLabels: ReadonlySet<string> = new Set(),
): Federation {
  const parsed = Object.entries(subgraphs).map(([name, { sdl, resolvers }]) => {
    return { name, url: `http://${name}.invalid/`, typeDefs: parse(LINK + sdl), resolvers };
  });
  const { supergraphSdl, errors } = composeServices(parsed);
  if (supergraphSdl === undefined) throw new Error(errors?.map(({ message }) => message).join('\n'));
  const schemas = new Map(
    parsed.map(({ name, typeDefs, resolvers }) => [
      `${name}.invalid`,
      buildSubgraphSchema([{ typeDefs, resolvers: resolvers as never }]),
    ]),
  );
  let asked: string[] = [];

  const executor = createExecutor({
    supergraphSdl,
    overrideLabels,
    subjectTypes: new Set(),
    endpoints: Object.fromEntries(parsed.map(({ name, url }) => [name, url])),
    connect: ({ endpoint }) => ({
      async ask({ query, variables }) {
        asked.push(`${endpoint.hostname.replace('.invalid', '')}: ${query}`);
        const schema = schemas.get(endpoint.hostname);
        if (schema === undefined) return { kind: 'UNAVAILABLE' };
        const result = await graphql({ schema, source: query, variableValues: through(variables) });
        const { data, errors: failed } = through(result);
        return { kind: 'ANSWERED', data: data ?? undefined, errors: failed ?? [] };
      },
      close: async () => {},
    }),
  });

  return {
    async ask(query, variables = {}) {
      const document = parse(query);
      const invalid = validate(executor.schema, document);
      if (invalid.length > 0) throw new Error(invalid.map(({ message }) => message).join('\n'));
      const operation = executor.prepare({ document, refused: new Set() });
      return through(await executor.execute({ operation, variables, hooks: hooks() }));
    },
    asked() {
      const texts = asked;
      asked = [];
      return texts;
    },
  };
}

/** As it is after the wire. */
function through<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}
