import { findingOf, quarterOf, type ReadingRule } from '../compared-reading.ts';

/**
 * COLLEAGUES_CHILD: somebody looks at the child of a person they work with: a carer of the child has the given and family
 * name of somebody with an account at the practitioner's organisation.
 *
 * Catches it once a practitioner, child and quarter, whether or not anything was released. Leaves alone a family name alone,
 * which a large organisation shares with half a town, and who has the relationship from somebody else than themselves:
 * the organisation knows whose case it gave to whom.
 */
export const colleaguesChild: ReadingRule = (readings) =>
  readings
    .filter(({ colleague, given }) => colleague && !given)
    .flatMap((reading) =>
      findingOf([reading], quarterOf(reading), 'A child with a carer of a colleague’s name'),
    );
