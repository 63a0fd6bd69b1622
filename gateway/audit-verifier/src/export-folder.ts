import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { readTilePath, TILE_WIDTH, type TileAddress } from '@contactpoint/audit-log/tile-path';
import {
  CHECKPOINT_FILE,
  CHECKPOINTS_FILE,
  PART_FOLDER,
  TILE_FOLDER,
  UNCOVERED_FOLDER,
} from './export-layout.ts';
import { SettingsError } from './verify-settings.ts';

const OF_A_LOG: readonly string[] = [CHECKPOINT_FILE, CHECKPOINTS_FILE, TILE_FOLDER, UNCOVERED_FOLDER];

/** What an export holds: its logs, and files that belong to none of them. */
export interface ExportContent {
  /** Origins, in order. */
  readonly logs: readonly string[];
  /** Paths within the export, in order. */
  readonly strays: readonly string[];
}

/**
 * Looks through an export's folders. What lies within a log's is that log's, whatever it is.
 *
 * @throws SettingsError where whoever wrote it was ended at it: what lacks then was not taken away.
 */
export async function readContent(folder: string): Promise<ExportContent> {
  const logs: string[] = [];
  const strays: string[] = [];
  const look = async (name: string) => {
    const entries = await readdir(join(folder, name), { withFileTypes: true });
    if (name === '' && entries.some((entry) => entry.name === PART_FOLDER))
      throw new SettingsError(`${folder} holds an export that was not written to its end`);
    if (name !== '' && entries.some((entry) => OF_A_LOG.includes(entry.name))) {
      logs.push(name);
      return;
    }
    for (const entry of entries) {
      const path = name === '' ? entry.name : `${name}/${entry.name}`;
      if (entry.isDirectory()) await look(path);
      else strays.push(path);
    }
  };
  await look('');
  return { logs: logs.sort(), strays: strays.sort() };
}

/**
 * Files of one log's folder that a log of these sizes has no use for, by their paths within it. Nobody verifies what they
 * say, and whoever gathers events by looking through the folder would believe them.
 *
 * @param covered Leaves under the newest checkpoint, which the bundles and tiles are of.
 * @param uncovered Leaves after it, in bundles of their own.
 */
export async function* findSurplus(
  folder: string,
  covered: number,
  uncovered: number,
): AsyncGenerator<string> {
  for await (const path of filesOf(folder, '')) {
    if (path === CHECKPOINT_FILE || path === CHECKPOINTS_FILE) continue;
    const prefix = `${UNCOVERED_FOLDER}/`;
    const isUncovered = path.startsWith(prefix);
    const address = readTilePath(isUncovered ? path.slice(prefix.length) : path);
    const isExpected =
      address !== undefined &&
      (isUncovered
        ? address.level === 'entries' && isWithin(address, uncovered)
        : isWithin(address, covered));
    if (!isExpected) yield path;
  }
}

/** Whether a tree of so many leaves has such a tile: full ones, and the one at its right edge. */
function isWithin({ level, index, width }: TileAddress, leaves: number): boolean {
  const hashes = Math.floor(leaves / TILE_WIDTH ** (level === 'entries' ? 0 : level));
  return width === Math.min(TILE_WIDTH, hashes - Number(index) * TILE_WIDTH);
}

async function* filesOf(folder: string, name: string): AsyncGenerator<string> {
  for (const entry of await readdir(join(folder, name), { withFileTypes: true })) {
    const path = name === '' ? entry.name : `${name}/${entry.name}`;
    if (entry.isDirectory()) yield* filesOf(folder, path);
    else yield path;
  }
}
