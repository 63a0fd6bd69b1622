import type { Representation } from '../hooks.ts';
import type { DataRecord } from './record.ts';

export interface Entity {
  readonly representation: Representation;
  /** All objects of the data that it fills. */
  readonly objects: DataRecord[];
}

/** Where an entity stands, or would. */
export interface EntityPlace {
  entity: Entity | undefined;
}

interface Branch extends EntityPlace {
  readonly branches: Map<unknown, Branch>;
}

/**
 * Entities by what their representations hold, value by value: to write each of them out as a text, and compare texts, takes
 * longer than everything else that is done for it (docs/adr/0061).
 */
export class EntityIndex {
  readonly #root = emptyBranch();

  /** @param type What the object says it is. Which keys its representation has, and in which order, follows from it. */
  placeOf(type: unknown, representation: Representation): EntityPlace {
    let branch = next(this.#root, type);
    for (const key in representation) {
      const value = representation[key];
      // Of an object, or a list, the text; and nobody's text is taken for an object.
      branch =
        typeof value === 'object' && value !== null
          ? next(next(branch, WRITTEN_OUT), JSON.stringify(value))
          : next(branch, value);
    }
    return branch;
  }
}

const WRITTEN_OUT = Symbol('written out');

function emptyBranch(): Branch {
  return { entity: undefined, branches: new Map() };
}

function next({ branches }: Branch, value: unknown): Branch {
  let branch = branches.get(value);
  if (branch === undefined) {
    branch = emptyBranch();
    branches.set(value, branch);
  }
  return branch;
}
