import { readFileSync } from 'node:fs';

/** The subgraphs whose schema is fixed here. */
export const CONTRACT_SUBGRAPHS = [
  'directory',
  'education',
  'health',
  'social-care',
  'accreditation',
  'oversight',
] as const;

export type ContractSubgraph = (typeof CONTRACT_SUBGRAPHS)[number];

/** SDL of one built-in subgraph, without the definitions of the domain's directives. */
export function readContract(name: ContractSubgraph): string {
  return readSdl(name);
}

/** SDL that defines `@sensitivity`, `@subject` and `SensitivityClass`; every subgraph needs it beside its own. */
export function readDirectives(): string {
  return readSdl('directives');
}

function readSdl(name: string): string {
  return readFileSync(new URL(`../${name}.graphql`, import.meta.url), 'utf8');
}
