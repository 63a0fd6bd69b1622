import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { entriesPath, readTilePath, TILE_WIDTH, tilePath } from './tile-path.ts';

describe('tilePath', () => {
  test.each([
    [0, 0n, 256, 'tile/0/000'],
    [0, 5n, 1, 'tile/0/005.p/1'],
    [1, 999n, 256, 'tile/1/999'],
    [63, 1000n, 255, 'tile/63/x001/000.p/255'],
    [0, 1234067n, 256, 'tile/0/x001/x234/067'],
  ])('level %i, index %i, width %i: %s', (level, index, width, path) => {
    expect(tilePath(level, index, width)).toBe(path);
  });

  test('entries lie beside them', () => {
    expect(entriesPath(1234067n)).toBe('tile/entries/x001/x234/067');
    expect(entriesPath(0n, 7)).toBe('tile/entries/000.p/7');
  });
});

describe('readTilePath', () => {
  test('reads every path that is written', () => {
    const anyAddress = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
      index: fc.bigInt({ min: 0n, max: 10n ** 15n - 1n }),
      width: fc.integer({ min: 1, max: TILE_WIDTH }),
    });
    fc.assert(
      fc.property(anyAddress, ({ level, index, width }) => {
        const path = level === 'entries' ? entriesPath(index, width) : tilePath(level, index, width);
        expect(readTilePath(path)).toEqual({ level, index, width });
      }),
    );
  });

  test.each([
    'tile/0/0',
    'tile/00/000',
    'tile/64/000',
    'tile/0/x000/001',
    'tile/0/001/x002',
    'tile/0/000.p/0',
    'tile/0/000.p/256',
    'tile/0/000.p/01',
    'tile/0/000/',
    '/tile/0/000',
    'tile/0/../000',
    'tile/entries/',
  ])('refuses %s: each tile has one path', (path) => {
    expect(readTilePath(path)).toBeUndefined();
  });
});
