import { findingOf, quarterOf, type ReadingRule } from '../compared-reading.ts';

/**
 * OWN_FAMILY_NAME: somebody looks at a child who may be their own, a relative's, or one whom they lost: the child has the
 * practitioner's family name, had it before, or has a carer of the practitioner's own name.
 *
 * Catches every child of such a name, whether or not the record was opened or anything of it was released, and whoever
 * gave the relationship; once a practitioner, child and quarter. Parts of double-barrelled names count, accents, case and
 * hyphens do not. Leaves alone names that only sound alike. A common name is caught like a rare one: that they share it is
 * a question to be asked, and no verdict.
 */
export const ownFamilyName: ReadingRule = (readings) =>
  readings
    .filter(({ ownFamily }) => ownFamily)
    .flatMap((reading) =>
      findingOf([reading], quarterOf(reading), 'A child with a name of the reader’s own'),
    );
