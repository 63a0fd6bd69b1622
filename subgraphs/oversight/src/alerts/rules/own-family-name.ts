import { findingOf, quarterOf, type ReadingRule } from '../compared-reading.ts';

/**
 * OWN_FAMILY_NAME: somebody looks at a child who may be their own, a relative's, or one whom they lost: the child has the
 * practitioner's family name or had it before, or a carer has the practitioner's given and family name.
 *
 * Catches every such child, whether or not the record was opened or anything of it was released; once a practitioner,
 * child and quarter. Parts of double-barrelled names count, accents, case and hyphens do not. Leaves alone names that only
 * sound alike, and a family name that is all they share where somebody else gave the practitioner the child: in a school
 * of a thousand there are namesakes. A common name is caught like a rare one: it is a question to be asked, no verdict.
 */
export const ownFamilyName: ReadingRule = (readings) =>
  readings
    .filter(({ ownFamily, ownChild, given }) => ownChild || (ownFamily && !given))
    .flatMap((reading) =>
      findingOf([reading], quarterOf(reading), 'A child with a name of the reader’s own'),
    );
