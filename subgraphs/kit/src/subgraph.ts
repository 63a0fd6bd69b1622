export { type BuildOptions, buildSubgraph } from './build.ts';
export type {
  FieldResolver,
  ReferenceResolver,
  Resolvers,
  SubgraphDefinition,
  SubgraphServices,
  TypeResolvers,
} from './definition.ts';
export { runSubgraph } from './run.ts';
