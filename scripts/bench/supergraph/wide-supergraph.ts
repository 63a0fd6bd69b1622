import { compose } from '@contactpoint/composition/compose';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';

export interface WideOptions {
  /** Subgraphs altogether, the contract's included. */
  readonly subgraphs: number;
  /** GraphQL endpoint of one of the contract's subgraphs. */
  readonly endpointOf: (name: (typeof CONTRACT_SUBGRAPHS)[number]) => string;
  /** GraphQL endpoint of those that stand beside them. */
  readonly others: string;
}

/** The contract among registers of no child: each has a door of its own, four types and 67 fields. */
export function wideSupergraph({ subgraphs, endpointOf, others }: WideOptions): string {
  const contract = CONTRACT_SUBGRAPHS.map((name) => ({
    name,
    url: endpointOf(name),
    sdl: readContract(name),
  }));
  const registers = registersBeside(subgraphs).map((name, place) => ({
    name,
    url: others,
    sdl: registerSdl(place),
  }));
  const { supergraphSdl, errors } = compose([...contract, ...registers]);
  if (supergraphSdl === undefined)
    throw new Error(`The supergraph to measure does not compose: ${errors[0]?.message}`);
  return supergraphSdl;
}

/** Names of what stands beside the contract's subgraphs. */
export function registersBeside(subgraphs: number): readonly string[] {
  return Array.from({ length: subgraphs - CONTRACT_SUBGRAPHS.length }, (_, place) => `register-${place}`);
}

function registerSdl(place: number): string {
  const [head = ''] = readContract('accreditation').split('scalar Date', 1);
  const types = Array.from({ length: 4 }, (_, level) => {
    const fields = Array.from({ length: 15 }, (__, field) => `field${field}: String`);
    const above = level === 0 ? '' : `above: Register${place}Level${level - 1}`;
    return `type Register${place}Level${level} @key(fields: "id") @sensitivity(class: REFERENCE) {
      id: ID! ${fields.join(' ')} ${above}
    }`;
  });
  return `${head} ${types.join('\n')}
    type Query { register${place}(id: ID!): Register${place}Level3 @authenticated @sensitivity(class: REFERENCE) }`;
}
