import type { ProvenLeaf } from './check-proof.ts';

/** What a proof proves, for people. The leaf itself is not shown unless asked for. */
export function showProof({ origin, index, size, leafHash, leaf, witnesses }: ProvenLeaf): string {
  const lines = [
    `leaf ${index} stands in ${origin}, whose ${size} leaves are signed`,
    `leaf hash ${Buffer.from(leafHash).toString('base64')}`,
    leaf === undefined ? 'the leaf itself is not in the proof' : `the leaf has ${leaf.byteLength} bytes`,
    ...witnesses.map((name) => `signed by the witness ${name}`),
  ];
  return `${lines.join('\n')}\n`;
}
