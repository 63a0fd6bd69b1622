import { describe, expect, test } from 'vitest';
import { type ChangeMessage, openChange, sealChange } from './change.ts';
import { signGrant } from './grant.ts';

const NOW = new Date('2026-06-15T11:00:00Z');
const key = { kid: 'k1', secret: new Uint8Array(32).fill(1) };
const other = { kid: 'k2', secret: new Uint8Array(32).fill(2) };
const expected = { subgraph: 'directory', now: NOW };

const message: ChangeMessage = {
  subgraph: 'directory',
  publisher: 'b7f2',
  sequence: 41,
  at: NOW.getTime(),
  changed: { children: ['8Z4K2M0QWX7R5T1B'] },
};

describe('openChange', () => {
  test.each<[string, ChangeMessage]>([
    ['a change', message],
    ['everything', { ...message, changed: 'everything' }],
    ['practitioners and organisations', { ...message, changed: { practitioners: ['p'], organisations: [] } }],
    ['a heartbeat', { subgraph: 'directory', publisher: 'b7f2', sequence: 42, at: NOW.getTime() }],
  ])('gives back what was sealed: %s', (_case, sent) => {
    expect(openChange([other, key], sealChange(key, sent), expected)).toEqual(sent);
  });

  test.each<[string, string]>([
    ['under an unknown key', sealChange({ ...key, kid: 'k3' }, message)],
    ['under another secret of the same name', sealChange({ ...other, kid: 'k1' }, message)],
    ['for another subgraph', sealChange(key, { ...message, subgraph: 'accreditation' })],
    ['too old', sealChange(key, { ...message, at: NOW.getTime() - 5_001 })],
    ['from the future', sealChange(key, { ...message, at: NOW.getTime() + 5_001 })],
    ['with a sequence that is none', sealChange(key, { ...message, sequence: 0 })],
    ['changed on the way', sealChange(key, message).replace('8Z4K', '9Z4K')],
    ['with half a code', sealChange(key, message).replace(/"mac":"[^"]{20}/, '"mac":"')],
    ['without a code', JSON.stringify(message)],
    ['no JSON', 'everything'],
    ['nothing', ''],
  ])('takes no message that is %s', (_case, sealed) => {
    expect(openChange([key], sealed, expected)).toBeUndefined();
  });

  test('takes no grant for a message, though one key makes both', async () => {
    const grant = signGrant(key, { ...message, aud: 'directory' } as never);
    const [header, payload, mac] = grant.split('.') as [string, string, string];
    const sealed = JSON.stringify({ kid: 'k1', mac, message: `${header}.${payload}` });
    expect(openChange([key], sealed, expected)).toBeUndefined();
  });
});
