import { findingOf, type ReadingRule } from '../compared-reading.ts';

/**
 * OUTSIDE_AREA: somebody opens the records of children who live where their organisation does not work.
 *
 * Catches so many of them in a day, once a practitioner and day. Leaves alone candidates of a search, children whom
 * somebody else gave to the practitioner (a child may be placed far away), roles to whom people come from anywhere, and
 * organisations without an area. A shielded child has no area here, like a child of whom none is known.
 */
export const outsideArea: ReadingRule = (readings, { area }) => {
  const outside = readings.filter(
    (reading) =>
      reading.outsideArea && reading.opened && !reading.given && !area.rolesWithout.includes(reading.role),
  );
  const [first] = outside;
  if (first === undefined || outside.length < area.children) return [];
  return findingOf(outside, first.day, `Children outside the organisation’s area: ${outside.length}`);
};
