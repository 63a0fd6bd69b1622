import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCheckpoint } from './checkpoint.ts';
import { NoteError, readNote, readSignature, writeNote, writeSignature } from './note-format.ts';
import {
  cosigner,
  ed25519Signer,
  ed25519Verifier,
  publicKeyOf,
  verifiedBy,
  verifierOf,
} from './signed-note.ts';

/** Example of the specification, https://c2sp.org/signed-note. */
const EXAMPLE = {
  vkey: 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k',
  note: `This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
`,
};

/** Examples of Go's golang.org/x/mod/sumdb/note: the first with its private key, the second by a key of zeros. */
const PETER = {
  skey: 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz',
  vkey: 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
};
const ENOCH = 'EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const GO_NOTE = `${TEXT}
— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=
`;

/** A checkpoint that a public log published, cosigned by public witnesses. */
const PUBLISHED = `arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
`;
const PUBLISHED_KEYS = [
  'arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f',
  'remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2',
];

/** An Ed25519 key from its 32 bytes. */
function privateKeyOf(seed: Uint8Array) {
  const prefix = Buffer.from('302e020100300506032b657004220420', 'hex');
  return createPrivateKey({ key: Buffer.concat([prefix, seed]), format: 'der', type: 'pkcs8' });
}

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const other = generateKeyPairSync('ed25519');
const signer = ed25519Signer('example.com/log', privateKey);
const verifier = ed25519Verifier('example.com/log', publicKey);

describe('what others have signed', () => {
  test.each([
    ['the specification’s example', EXAMPLE.note, [EXAMPLE.vkey], ['example.com/foo']],
    ['two signatures of Go’s examples', GO_NOTE, [PETER.vkey, ENOCH], ['PeterNeumann', 'EnochRoot']],
    ['one of them, by who knows one', GO_NOTE, [ENOCH], ['EnochRoot']],
    ['nobody’s, by who knows nobody', GO_NOTE, [], []],
    [
      'a public log and a witness',
      PUBLISHED,
      PUBLISHED_KEYS,
      ['arche2025h1.staging.ct.transparency.dev', 'remora.n621.de'],
    ],
  ])('verifies: %s', (_case, note, vkeys, names) => {
    expect(verifiedBy(readNote(note), vkeys.map(verifierOf))).toEqual(names);
    expect(writeNote(readNote(note))).toBe(note);
  });

  test('a published checkpoint reads', () => {
    expect(readCheckpoint(readNote(PUBLISHED).text)).toMatchObject({
      origin: 'arche2025h1.staging.ct.transparency.dev',
      size: 1432088532n,
      extensions: [],
    });
  });

  test.each(PUBLISHED_KEYS)('not one digit of it may change for %s', (vkey) => {
    const changed = readNote(PUBLISHED.replace('1432088532', '1432088533'));
    expect(() => verifiedBy(changed, [verifierOf(vkey)])).toThrow(NoteError);
  });
});

describe('what is signed here', () => {
  test('is what Go signs with the same key', () => {
    const key = privateKeyOf(Buffer.from(PETER.skey, 'base64').subarray(1));
    const peter = ed25519Signer('PeterNeumann', key);
    expect(peter.verifierKey).toBe(PETER.vkey);
    expect(writeNote({ text: TEXT, signatures: [peter.sign(TEXT)] })).toBe(
      `${GO_NOTE.split('\n').slice(0, 4).join('\n')}\n`,
    );
  });

  test('verifies by the vkey, by the public key in it, and by none that is another in any of its parts', () => {
    const note = readNote(writeNote({ text: 'text\n', signatures: [signer.sign('text\n')] }));
    const names = ['example.com/log'];
    expect(verifiedBy(note, [verifierOf(signer.verifierKey)])).toEqual(names);
    expect(
      verifiedBy(note, [ed25519Verifier(names[0] ?? '', publicKeyOf(signer.verifierKey).publicKey)]),
    ).toEqual(names);
    expect(verifiedBy(note, [ed25519Verifier('example.com/other', publicKey)])).toEqual([]);
    expect(verifiedBy(note, [ed25519Verifier('example.com/log', other.publicKey)])).toEqual([]);
  });

  test('by a witness says when, and is no signature of a log', () => {
    const now = () => new Date('2026-11-22T10:15:00.999Z');
    const witness = cosigner('witness.example', privateKey, now);
    const signature = witness.sign('text\n');
    expect(Buffer.from(signature.signature).readBigUInt64BE()).toBe(1795342500n);
    const note = { text: 'text\n', signatures: [signature] };
    expect(verifiedBy(note, [verifierOf(witness.verifierKey)])).toEqual(['witness.example']);
    expect(verifiedBy(note, [ed25519Verifier('witness.example', publicKey)])).toEqual([]);
    const later = Buffer.from(signature.signature);
    later.writeUInt8(later.readUInt8(7) + 1, 7);
    const backdated = { text: 'text\n', signatures: [{ ...signature, signature: later }] };
    expect(() => verifiedBy(backdated, [verifierOf(witness.verifierKey)])).toThrow(NoteError);
  });

  test('a line of a signature comes back as it was', () => {
    const signature = signer.sign('text\n');
    const line = writeSignature(signature);
    const read = readSignature(line.slice(0, -1));
    expect({ ...read, signature: Buffer.from(read.signature) }).toEqual(signature);
  });

  test.each(['', 'with space', 'with+plus', 'with\u00a0space', 'with\nline'])(
    'no key has the name «%s»',
    (name) => {
      expect(() => ed25519Signer(name, privateKey)).toThrow(NoteError);
    },
  );

  test('no text with control characters, or without an end', () => {
    for (const text of ['', 'no end', 'a\tb\n', 'a\r\n', 'a\u0000\n', '\ud800\n'])
      expect(() => writeNote({ text, signatures: [signer.sign(text)] })).toThrow(NoteError);
  });
});

describe('readNote', () => {
  const line = '— a AAAAAAA=';
  test.each([
    ['nothing', ''],
    ['no signatures', 'text\n'],
    ['no empty line', `text\n${line}\n`],
    ['no end', `text\n\n${line}`],
    ['an empty line among signatures', `text\n\n${line}\n\n`],
    ['another dash', 'text\n\n- a AAAAAAA=\n'],
    ['no name', 'text\n\n— AAAAAAA=\n'],
    ['a name with a plus', 'text\n\n— a+b AAAAAAA=\n'],
    ['a hash and no signature', 'text\n\n— a AAAAAA==\n'],
    ['base64 with spare bits', 'text\n\n— a AAAAAAB=\n'],
    ['base64 without its end', 'text\n\n— a AAAAAAA\n'],
    ['control characters', `te\u0007xt\n\n${line}\n`],
    ['too many signatures', `text\n\n${`${line}\n`.repeat(101)}`],
  ])('refuses %s', (_case, note) => {
    expect(() => readNote(note)).toThrow(NoteError);
  });

  test('takes a text with empty lines: the last one counts', () => {
    expect(readNote(`one\n\ntwo\n\n${line}\n`).text).toBe('one\n\ntwo\n');
  });

  test('any change of one character is refused, or no longer signed', () => {
    const note = writeNote({
      text: 'example.com/log\n42\nAAAA\n',
      signatures: [signer.sign('example.com/log\n42\nAAAA\n')],
    });
    fc.assert(
      fc.property(
        fc.nat(note.length - 1),
        fc.constantFrom('A', 'b', '0', '\n', ' ', '+', '—'),
        (place, character) => {
          fc.pre(note[place] !== character);
          const changed = note.slice(0, place) + character + note.slice(place + 1);
          const names = (() => {
            try {
              return verifiedBy(readNote(changed), [verifier]);
            } catch (error) {
              expect(error).toBeInstanceOf(NoteError);
              return [];
            }
          })();
          expect(names).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('verifierOf', () => {
  test.each([
    ['no key', 'example.com/foo'],
    ['no second plus', 'example.com/foo+530d903a'],
    ['another hash', EXAMPLE.vkey.replace('530d903a', '530d903b')],
    ['another name', EXAMPLE.vkey.replace('foo', 'fop')],
    ['a hash in capitals', EXAMPLE.vkey.replace('530d903a', '530D903A')],
    ['another type', 'a+00000000+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k'],
    ['a key that is too short', 'a+00000000+AQ=='],
  ])('refuses %s', (_case, vkey) => {
    expect(() => verifierOf(vkey)).toThrow(NoteError);
  });
});
