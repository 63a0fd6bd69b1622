import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { type Composition, compose } from '../compose.ts';
import type { SubgraphSdl } from '../prepare-subgraph.ts';

/** What every agency's SDL begins with. */
export const LINKS = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@external",
      "@requires", "@provides", "@override", "@interfaceObject", "@context", "@fromContext", "@inaccessible",
      "@authenticated", "@requiresScopes", "@policy", "@composeDirective"])
    @link(url: "https://contactpoint.example/access/v1.0", import: ["@sensitivity", "@subject", "SensitivityClass"])
    @composeDirective(name: "@sensitivity") @composeDirective(name: "@subject")
`;

/** The contract's subgraphs as they stand. */
export function contract(): SubgraphSdl[] {
  return CONTRACT_SUBGRAPHS.map((name, index) => ({
    name,
    url: `http://127.0.0.1:${4001 + index}/graphql`,
    sdl: readContract(name),
  }));
}

/** The contract, joined by a housing agency. */
export function composeWithHousing(sdl: string, links = LINKS): Composition {
  return compose([
    ...contract(),
    { name: 'housing', url: 'http://127.0.0.1:4099/graphql', sdl: `${links}\n${sdl}` },
  ]);
}

/** The contract with one of its subgraphs changed in one place. */
export function composeChanged(name: string, search: string, replacement: string): Composition {
  const subgraphs = contract().map((subgraph) => {
    if (subgraph.name !== name) return subgraph;
    if (!subgraph.sdl.includes(search)) throw new Error(`${name} does not contain ${search}`);
    return { ...subgraph, sdl: subgraph.sdl.replace(search, replacement) };
  });
  return compose(subgraphs);
}

/** `CODE subgraph coordinate` of each error; empty for a composition that succeeded. */
export function refusals({ errors = [] }: Composition): string[] {
  return errors.map(({ code, subgraph, coordinate }) => `${code} ${subgraph} ${coordinate}`);
}
