import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkpointText, readCheckpoint } from './checkpoint.ts';
import { NoteError } from './note-format.ts';

/** Example of the specification, https://c2sp.org/tlog-checkpoint. */
const EXAMPLE = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
`;
const [ORIGIN = '', SIZE = '', ROOT = ''] = EXAMPLE.split('\n');
const line = fc.string({ minLength: 1, maxLength: 30 }).filter((text) => !text.includes('\n'));

describe('a checkpoint', () => {
  test('reads as the specification has it', () => {
    const { origin, size, root, extensions } = readCheckpoint(EXAMPLE);
    expect([origin, size, Buffer.from(root).toString('base64'), extensions]).toEqual([
      ORIGIN,
      20852163n,
      ROOT,
      [],
    ]);
    expect(checkpointText(readCheckpoint(EXAMPLE))).toBe(EXAMPLE);
  });

  test('comes back as it was written', () => {
    const any = fc.record({
      origin: line,
      size: fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(any, (checkpoint) => {
        expect(readCheckpoint(checkpointText(checkpoint))).toEqual(checkpoint);
      }),
    );
  });

  test.each([
    ['nothing', ''],
    ['no end', EXAMPLE.slice(0, -1)],
    ['no origin', `\n${SIZE}\n${ROOT}\n`],
    ['no root', `${ORIGIN}\n${SIZE}\n`],
    ['a size with a zero before it', `${ORIGIN}\n0${SIZE}\n${ROOT}\n`],
    ['a negative size', `${ORIGIN}\n-1\n${ROOT}\n`],
    ['a size with a sign', `${ORIGIN}\n+1\n${ROOT}\n`],
    ['a size that no database holds', `${ORIGIN}\n9999999999999999999\n${ROOT}\n`],
    ['a root that is too short', `${ORIGIN}\n1\nAAAA\n`],
    ['a root with spare bits', `${ORIGIN}\n1\n${ROOT.replace('2I=', '2J=')}\n`],
    ['an empty line', `${EXAMPLE}\n`],
  ])('is not: %s', (_case, text) => {
    expect(() => readCheckpoint(text)).toThrow(NoteError);
  });

  test('is not written with a line that would be read as another', () => {
    const checkpoint = readCheckpoint(EXAMPLE);
    expect(() => checkpointText({ ...checkpoint, origin: 'a\n1' })).toThrow(NoteError);
    expect(() => checkpointText({ ...checkpoint, extensions: [''] })).toThrow(NoteError);
  });
});
