export { createTestDatabase, type TestDatabase } from './testing/database.ts';
export { TEST_KEYS, type TestGrant, testGrant, testSystemBody } from './testing/grant.ts';
export {
  ask,
  post,
  type Question,
  startTestSubgraph,
  type TestAnswer,
  type TestData,
  type TestSubgraph,
} from './testing/subgraph.ts';
