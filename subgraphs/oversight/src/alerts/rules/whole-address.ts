import { findingOf, nameless, type ReadingRule } from '../compared-reading.ts';

/**
 * WHOLE_ADDRESS: somebody opens the record of every child who lives at one address and works with none of them: looking for
 * a family, or for who lives behind a door.
 *
 * Catches the day on which none of the address is left, in two events at least; once a practitioner, address and day.
 * Leaves alone an only child, who works with one of the children, candidates of a search, twins in one event, and roles that
 * look at households by profession. A shielded child lives nowhere here, like a child without an address: neither belongs to an
 * address nor is missing at one.
 */
export const wholeAddress: ReadingRule = (readings, { address }) => {
  const households = Map.groupBy(
    readings.filter(({ household, role }) => household !== null && !address.rolesWithout.includes(role)),
    ({ household }) => household,
  );
  return [...households.values()].flatMap((children) => {
    const events = new Set(children.map(({ origin, index }) => `${origin} ${index}`));
    if (children.length < address.children || events.size < 2) return [];
    if (children.some(({ related, opened }) => related || !opened)) return [];
    const who = children.map(({ childId }) => childId).toSorted();
    const occasion = `${children[0]?.day} ${nameless(who.join(' '))}`;
    return findingOf(children, occasion, `All children of one address: ${children.length}`);
  });
};
