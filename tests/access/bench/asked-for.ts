import { type Caller, factsOf, openedIn, type Question } from './caller.ts';
import { type Sought, withheld, withheldFromAll } from './oracle/matrix.ts';
import type { WhatAgenciesSay } from './oracle/sdl.ts';
import type { Asked } from './recorder.ts';
import { CHILDREN } from './world.ts';

const SECTORS: Readonly<Record<string, string>> = {
  directory: 'DIRECTORY',
  education: 'EDUCATION',
  health: 'HEALTH',
  'social-care': 'SOCIAL_CARE',
};

/** Keys by which the planner goes from one agency to the next. */
const KEYS = new Set(['School.urn', 'Practice.odsCode']);

/**
 * What an agency was asked and should not have been, in sentences; empty where all is well.
 *
 * Of a child nothing is asked that the caller could not read of it, had it no shield and nothing sealed; a child that
 * hides behind one of those is replaced by a number of nobody's. At the root, where the directory decides for itself,
 * nothing is asked that the caller could read of no child at all.
 */
export function overreach(said: WhatAgenciesSay, caller: Caller, question: Question, asked: Asked): string[] {
  const opened = openedIn(caller, question);
  const sector = SECTORS[asked.agency] ?? '';
  const sought = (coordinate: string): Sought => {
    const sensitivity = said.classes.get(coordinate);
    if (sensitivity === undefined) throw new Error(`No class for ${coordinate}`);
    return { ...sensitivity, sector };
  };
  const found: string[] = [];
  const complain = (what: string) => found.push(`${asked.agency}: ${what}`);

  for (const coordinate of asked.coordinates) {
    const { scopes, policies } = said.guardsOf(coordinate);
    const meets = (names: readonly string[]) => names.every((name) => caller.scopes.includes(name));
    if (policies.length > 0 || !scopes.every((alternatives) => alternatives.some(meets)))
      complain(`${coordinate} needs a scope or policy that the caller lacks`);
    if (asked.subjects === undefined && isWithheld(withheldFromAll(caller, sought(coordinate))))
      complain(`${coordinate} may be read of nobody`);
    for (const child of asked.subjects ?? []) {
      const facts = { ...factsOf(caller, child), shielded: false };
      const why = CHILDREN.includes(child) ? withheld(caller, facts, sought(coordinate)) : undefined;
      if (isWithheld(why)) complain(`${coordinate} of ${child}: ${why}`);
    }
  }
  for (const child of new Set(asked.subjects)) {
    const granted = asked.grant.children[child];
    if (granted === undefined) complain(`${child} without a grant`);
    if (CHILDREN.includes(child)) realChild(caller, asked, child, opened.has(child), sought, complain);
  }
  for (const [child, granted] of Object.entries(asked.grant.children)) {
    // A door is told for whom the glass is broken, and is granted nothing by it.
    const isTold = asked.subjects === undefined && opened.has(child) && Object.keys(granted).length === 0;
    if (!isTold && !(asked.subjects ?? []).includes(child))
      complain(`a grant for ${child}, of whom nothing is asked`);
  }
  for (const representation of asked.representations) {
    const keys = Object.keys(representation).sort().join(' ');
    if (representation['__typename'] === 'Child' && keys !== '__typename id')
      complain(`a child with ${keys}`);
  }
  return found;
}

/** A child of the world: something of it may be read, and its grant opens what is asked and may be, no class more. */
function realChild(
  caller: Caller,
  asked: Asked,
  child: string,
  isOpened: boolean,
  sought: (coordinate: string) => Sought,
  complain: (what: string) => void,
): void {
  const facts = factsOf(caller, child);
  const own = asked.coordinates.filter((coordinate) => coordinate.startsWith('Child.'));
  if (own.every((coordinate) => withheld(caller, facts, sought(coordinate), isOpened) !== undefined))
    complain(`${child}, of whom nothing may be read`);

  const expected: Record<string, string> = {};
  for (const coordinate of asked.coordinates) {
    if (KEYS.has(coordinate)) continue;
    const { class: name, sector } = sought(coordinate);
    if (name === 'REFERENCE') continue;
    const level = [false, true].find(
      (minimal) => withheld(caller, facts, { sector, class: name, minimal }, isOpened) === undefined,
    );
    if (level !== undefined) expected[name] = level ? 'MINIMAL' : 'FULL';
  }
  const granted = asked.grant.children[child] ?? {};
  const text = (grant: object) => JSON.stringify(Object.entries(grant).sort());
  if (text(granted) !== text(expected)) complain(`${child}: granted ${text(granted)}, not ${text(expected)}`);
}

/** What is silent is asked for all the same, so that silence makes no difference. */
function isWithheld(why: ReturnType<typeof withheld>): boolean {
  return why !== undefined && why !== 'silent';
}
