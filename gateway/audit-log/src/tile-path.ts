/** Hashes of a full tile, and entries of a full bundle. @see https://c2sp.org/tlog-tiles */
export const TILE_WIDTH = 256;

const HIGHEST_LEVEL = 63;

/** What a path names: hashes of one level, or the entries over which level 0 was made. */
export interface TileAddress {
  readonly level: number | 'entries';
  readonly index: bigint;
  /** 1 to 256; less than 256 in a partial tile, the last of its level. */
  readonly width: number;
}

/** `tile/0/x001/234`; of a partial tile `tile/0/x001/234.p/5`. */
export function tilePath(level: number, index: bigint, width = TILE_WIDTH): string {
  return `tile/${level}/${elements(index)}${partial(width)}`;
}

/** `tile/entries/x001/234`. */
export function entriesPath(index: bigint, width = TILE_WIDTH): string {
  return `tile/entries/${elements(index)}${partial(width)}`;
}

/** Reads what the two others write, and nothing else: each tile has one path. */
export function readTilePath(path: string): TileAddress | undefined {
  const match = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const [, name = '', digits = '', partialWidth] = match;
  const level = name === 'entries' ? name : Number(name);
  const index = BigInt(digits.replaceAll(/[x/]/g, ''));
  const width = partialWidth === undefined ? TILE_WIDTH : Number(partialWidth);
  if (width < 1 || width > TILE_WIDTH || (level !== 'entries' && level > HIGHEST_LEVEL)) return undefined;
  const only = level === 'entries' ? entriesPath(index, width) : tilePath(level, index, width);
  return only === path ? { level, index, width } : undefined;
}

/** Three digits each, all but the last marked, so that no file of a mirror has the name of a folder. */
function elements(index: bigint): string {
  const digits = index.toString();
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  return (padded.match(/\d{3}/g) ?? [])
    .map((element, place, all) => (place === all.length - 1 ? element : `x${element}`))
    .join('/');
}

function partial(width: number): string {
  return width === TILE_WIDTH ? '' : `.p/${width}`;
}
