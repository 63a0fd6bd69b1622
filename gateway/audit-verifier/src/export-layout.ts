/** The newest checkpoint of a log, where C2SP tlog-tiles has it. */
export const CHECKPOINT_FILE = 'checkpoint';

/** Every checkpoint, smallest first, with an empty line between two. */
export const CHECKPOINTS_FILE = 'checkpoints';

/** Folder of the leaves that no checkpoint covers, in entry bundles of their own that begin at 0. */
export const UNCOVERED_FOLDER = 'uncovered';

/** Folder in which an export lies until it is whole. */
export const PART_FOLDER = '.part';

/** Tiles, and entries among them. @see https://c2sp.org/tlog-tiles */
export const TILE_FOLDER = 'tile';
