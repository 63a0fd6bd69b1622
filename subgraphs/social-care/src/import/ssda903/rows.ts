import { PRIMARY_NEED } from '../../code-sets.ts';
import type { CareEpisode, MissingEpisode, Review } from '../../record.ts';
import { type Fields, refuseBeforeBirth, refuseEndBeforeStart } from '../fields.ts';
import { RowRefused } from '../refusal.ts';
import {
  FLAG,
  LEGAL_STATUS,
  MISSING_TYPE,
  PLACEMENT_PROVIDER,
  PLACEMENT_TYPE,
  PREVIOUS_PERMANENCE,
  REASON_EPISODE_CEASED,
  REASON_FOR_NEW_EPISODE,
  REASON_PLACE_CHANGE,
  REVIEW_PARTICIPATION,
  SDQ_REASON,
  SSDA903_SEX,
} from './codes.ts';
import type { Ssda903FileName } from './tables.ts';

/** A checked row: what the record keeps of it, and what makes it the same row as another. */
export interface Ssda903Row {
  /** Below the child: the first day, or nothing where a child has one row. */
  readonly key: readonly string[];
  readonly kept: object;
}

/**
 * Checks one row and says what the record keeps of it.
 *
 * @param bornOn From the header. Nobody is looked after before birth, so there is no allowance as in the CIN census.
 * @throws RowRefused naming the first field that is wrong.
 */
export type ReadSsda903Row = (fields: Fields, bornOn: string) => Ssda903Row;

export const READ_SSDA903_ROW: Readonly<Record<Exclude<Ssda903FileName, 'header'>, ReadSsda903Row>> = {
  episodes(fields, bornOn) {
    const startedOn = fields.date('DECOM');
    const endedOn = fields.optionalDate('DEC');
    refuseBeforeBirth(startedOn, bornOn, 'DECOM');
    refuseEndBeforeStart(startedOn, endedOn, 'DEC');
    const kept = {
      startedOn,
      endedOn,
      startReason: fields.code('RNE', REASON_FOR_NEW_EPISODE),
      legalStatus: fields.code('LS', LEGAL_STATUS),
      primaryNeed: fields.code('CIN', PRIMARY_NEED),
      placementType: fields.code('PLACE', PLACEMENT_TYPE),
      provider: fields.optionalCode('PLACE_PROVIDER', PLACEMENT_PROVIDER),
      postcode: fields.optional('PL_POST'),
      endReason: fields.optionalCode('REC', REASON_EPISODE_CEASED),
      placementChangeReason: fields.optionalCode('REASON_PLACE_CHANGE', REASON_PLACE_CHANGE),
    } satisfies CareEpisode;
    return { key: [startedOn], kept };
  },

  reviews(fields, bornOn) {
    const heldOn = fields.date('REVIEW');
    refuseOtherBirth(fields, bornOn);
    refuseBeforeBirth(heldOn, bornOn, 'REVIEW');
    const participation = fields.code('REVIEW_CODE', REVIEW_PARTICIPATION);
    return { key: [heldOn], kept: { kind: 'LOOKED_AFTER', heldOn, participation } satisfies Review };
  },

  outcomes(fields, bornOn) {
    refuseOtherBirth(fields, bornOn);
    for (const flag of FLAGS) fields.optionalCode(flag, FLAG);
    fields.optionalCode('SDQ_REASON', SDQ_REASON);
    const score = fields.optional('SDQ_SCORE');
    if (score !== null && !/^([0-9]|[123][0-9]|40)$/.test(score))
      throw new RowRefused('INVALID_VALUE', 'SDQ_SCORE');
    const convicted = fields.optionalCode('CONVICTED', FLAG);
    return { key: [], kept: { convictions: convicted === null ? null : convicted === '1' } };
  },

  missing(fields, bornOn) {
    fields.code('MISSING', MISSING_TYPE);
    const startedOn = fields.date('MIS_START');
    const endedOn = fields.optionalDate('MIS_END');
    refuseOtherBirth(fields, bornOn);
    refuseBeforeBirth(startedOn, bornOn, 'MIS_START');
    refuseEndBeforeStart(startedOn, endedOn, 'MIS_END');
    return {
      key: [startedOn],
      kept: { startedOn, endedOn } satisfies Omit<MissingEpisode, 'returnInterviewOffered'>,
    };
  },

  previousPermanence(fields, bornOn) {
    refuseOtherBirth(fields, bornOn);
    return { key: [], kept: { previousPermanence: fields.code('PREV_PERM', PREVIOUS_PERMANENCE) } };
  },

  asylumSeeking(fields, bornOn) {
    fields.code('SEX', SSDA903_SEX);
    refuseOtherBirth(fields, bornOn);
    refuseBeforeBirth(fields.optionalDate('DUC'), bornOn, 'DUC');
    return { key: [], kept: {} };
  },
};

/** OC2's yes and no: their own meaning is health's, apart from CONVICTED. */
const FLAGS = [
  ...['HEALTH_CHECK', 'IMMUNISATIONS', 'TEETH_CHECK', 'HEALTH_ASSESSMENT', 'SUBSTANCE_MISUSE'],
  ...['INTERVENTION_RECEIVED', 'INTERVENTION_OFFERED'],
];

/** Files of one return that give a child two dates of birth speak of two children. */
function refuseOtherBirth(fields: Fields, bornOn: string): void {
  const stated = fields.optionalDate('DOB');
  if (stated !== null && stated !== bornOn) throw new RowRefused('CONTRADICTS_EARLIER_ROW', 'DOB');
}
