import { findingOf, type ReadingRule } from '../compared-reading.ts';

/**
 * NO_RELATIONSHIP_MADE: somebody opened a child's record without a relationship, and none was made afterwards, neither by
 * themselves nor by anybody else: nobody can say what the child had to do with their work.
 *
 * Catches it when the days are over within which one may be made; once a practitioner and day, for all children of the
 * day. Leaves alone candidates of a search, numbers that nobody has, children with whom an involvement was on record on the
 * day or since, even if it ended, and roles that meet children whom nobody has allocated yet.
 */
export const noRelationshipMade: ReadingRule = (readings, { relationship }) => {
  const alone = readings.filter(
    ({ settled, opened, known, related, role }) =>
      settled && opened && known && !related && !relationship.neededByAllBut.includes(role),
  );
  const [first] = alone;
  if (first === undefined || alone.length < relationship.children) return [];
  return findingOf(alone, first.day, `Opened without a relationship, and none was made: ${alone.length}`);
};
