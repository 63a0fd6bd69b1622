import { composeServices } from '@apollo/composition';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { plainSdl } from './plain-sdl.ts';

test('the contract without access composes, with every type, key and field', () => {
  const { supergraphSdl = '', errors } = composeServices(
    CONTRACT_SUBGRAPHS.map((name) => ({ name, typeDefs: parse(plainSdl(readContract(name))) })),
  );
  expect(errors).toBeUndefined();
  expect(supergraphSdl).not.toMatch(/@(sensitivity|subject|authenticated|requiresScopes|policy)\b/);
  expect(supergraphSdl).toMatch(/type Child\s+@join__type\(graph: DIRECTORY, key: "id"\)/);
  expect(supergraphSdl).toContain('socialCare: SocialCare @join__field(graph: SOCIAL_CARE)');
});
