import { ApolloGateway, LocalGraphQLDataSource } from '@apollo/gateway';
import { MARKET, marketSchema, marketSupergraph } from '@contactpoint/executor/testing/market';
import { parse } from 'graphql';

/** What stock @apollo/gateway answers. */
export interface OracleAnswer {
  readonly data: unknown;
  /** Paths of errors, those included that it hides in `extensions.valueCompletion`. */
  readonly paths: readonly (readonly (string | number)[])[];
  /** It reports no null at a non-null place once a subgraph has reported anything. */
  readonly hidesCompletion: boolean;
}

export interface Oracle {
  ask(query: string, variables?: Readonly<Record<string, unknown>>): Promise<OracleAnswer>;
  close(): Promise<void>;
}

/** Stock @apollo/gateway on the market's supergraph and the very same resolvers. */
export async function openOracle(): Promise<Oracle> {
  // Read when the gateway is constructed.
  process.env.APOLLO_TELEMETRY_DISABLED = 'true';
  const schemas = new Map<string, LocalGraphQLDataSource>(
    MARKET.map((name) => [name, new LocalGraphQLDataSource(marketSchema(name))]),
  );
  const gateway = new ApolloGateway({
    supergraphSdl: marketSupergraph(),
    logger: silent,
    buildService({ name }) {
      const source = schemas.get(name);
      if (source === undefined) throw new Error(`No subgraph ${name}`);
      return source;
    },
  });
  const { executor } = await gateway.load();
  let asked = 0;

  return {
    async ask(query, variables = {}) {
      const document = parse(query);
      asked += 1;
      const context = {
        document,
        request: { query, variables },
        operationName: undefined,
        // Its plan cache has no other key.
        queryHash: String(asked),
        context: {},
        metrics: {},
        logger: silent,
      };
      const result = await executor(context as never);
      const { data, errors = [], extensions } = result;
      const hidden = (extensions?.valueCompletion ?? []) as { path?: (string | number)[] }[];
      const paths = [...errors, ...hidden].map(({ path }) => [...(path ?? ['-'])]);
      return {
        data: JSON.parse(JSON.stringify(data ?? null)),
        paths,
        hidesCompletion: errors.length > 0,
      };
    },
    close: () => gateway.stop(),
  };
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };
