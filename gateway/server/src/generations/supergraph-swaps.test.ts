import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type SupergraphReading, versionOf } from '../supergraph-reading.ts';
import { SupergraphRefusal } from './supergraph-refusal.ts';
import { createSupergraphSwaps } from './supergraph-swaps.ts';

let folder: string;
let file: string;
/** Texts that were opened, served and let go of, in order. */
let opened: string[];
let served: string[];
let discarded: string[];
let lines: Record<string, unknown>[];
/** What opening waits for. */
let gate: Promise<void>;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-swaps-'));
  file = join(folder, 'supergraph.graphql');
  [opened, served, discarded, lines] = [[], [], [], []];
  gate = Promise.resolve();
  put('first');
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(text: string): void {
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
}

const start = () =>
  createSupergraphSwaps<string>({
    file,
    version: versionOf('first'),
    async read(sdl) {
      if (sdl.startsWith('refused')) throw new SupergraphRefusal('UNCLASSIFIED_FIELD', 'Child.shoeSize');
      return { sdl } as SupergraphReading;
    },
    async open({ sdl }) {
      opened.push(sdl);
      await gate;
      return sdl;
    },
    replace: (next) => void served.push(next),
    discard: async (generation) => void discarded.push(generation),
    logger: pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) }),
    now: () => new Date('2025-03-04T09:00:00Z'),
  });

test('brings another supergraph into service, and names both versions', async () => {
  const swaps = start();
  put('second');
  await swaps.look();
  expect(served).toEqual(['second']);
  expect(swaps.state).toMatchObject({ version: versionOf('second'), swaps: 1, refused: undefined });
  expect(lines).toMatchObject([
    { msg: 'supergraph swapped', version: versionOf('second'), former: versionOf('first') },
  ]);
});

test('a file with the same supergraph is no swap', async () => {
  const swaps = start();
  put('first');
  await swaps.look();
  expect(opened).toEqual([]);
  expect(swaps.state.swaps).toBe(0);
});

test('a refused one leaves the former one in service, with its code and version, until another one stands there', async () => {
  const swaps = start();
  put('refused');
  await swaps.look();
  expect(served).toEqual([]);
  expect(swaps.state).toMatchObject({
    version: versionOf('first'),
    refused: { code: 'UNCLASSIFIED_FIELD', at: '2025-03-04T09:00:00.000Z', version: versionOf('refused') },
  });
  expect(lines).toMatchObject([
    {
      level: 50,
      msg: 'supergraph refused',
      code: 'UNCLASSIFIED_FIELD',
      reason: 'Child.shoeSize',
      serving: versionOf('first'),
    },
  ]);
  put('first');
  await swaps.look();
  expect(swaps.state.refused).toBeUndefined();
  put('refused again');
  await swaps.look();
  put('second');
  await swaps.look();
  expect(swaps.state).toMatchObject({ version: versionOf('second'), refused: undefined });
  expect([...swaps.state.refusals]).toEqual([['UNCLASSIFIED_FIELD', 2]]);
});

test('without the file the former one goes on, and the alarm is raised', async () => {
  const swaps = start();
  rmSync(file);
  await swaps.look();
  expect(served).toEqual([]);
  expect(swaps.state.refused).toEqual({ code: 'FILE_UNREADABLE', at: '2025-03-04T09:00:00.000Z' });
  expect(lines).toMatchObject([{ level: 50, code: 'FILE_UNREADABLE' }]);
});

test('one is opened at a time, and the newest is what remains', async () => {
  const swaps = start();
  const opening = Promise.withResolvers<void>();
  gate = opening.promise;
  put('second');
  const looks = [swaps.look()];
  await expect.poll(() => opened).toEqual(['second']);
  for (const text of ['third', 'fourth', 'fifth']) {
    put(text);
    looks.push(swaps.look());
  }
  expect(opened).toEqual(['second']);
  opening.resolve();
  await Promise.all(looks);
  expect(opened).toEqual(['second', 'fifth']);
  expect(served).toEqual(['second', 'fifth']);
  expect(swaps.state.version).toBe(versionOf('fifth'));
});

test('nothing comes into service once it is closed, and what was opened is let go of', async () => {
  const swaps = start();
  const opening = Promise.withResolvers<void>();
  gate = opening.promise;
  put('second');
  void swaps.look();
  await expect.poll(() => opened).toEqual(['second']);
  put('third');
  void swaps.look();
  const closed = swaps.close();
  opening.resolve();
  await closed;
  await swaps.look();
  expect(served).toEqual([]);
  expect(discarded).toEqual(['second']);
  expect(opened).toEqual(['second']);
});
