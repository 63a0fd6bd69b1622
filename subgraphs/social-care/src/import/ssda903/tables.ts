import { CARE_TABLES } from '../../store/tables.ts';
import type { ReturnShape } from '../commit.ts';
import type { StagedKind } from '../staging.ts';

/** A file of the SSDA903 set, known by the columns it must have. Columns of later years are let through unread. */
export interface Ssda903File {
  /** As the report calls its rows. */
  readonly name: string;
  readonly columns: readonly string[];
}

/** @see DfE, Children looked-after by local authorities in England: guide to the SSDA903 collection */
export const SSDA903_FILES = {
  header: { name: 'children', columns: ['CHILD', 'SEX', 'DOB', 'ETHNIC', 'UPN'] },
  episodes: {
    name: 'episodes',
    columns: [
      ...['CHILD', 'DECOM', 'RNE', 'LS', 'CIN', 'PLACE', 'PLACE_PROVIDER', 'DEC', 'REC'],
      ...['REASON_PLACE_CHANGE', 'PL_POST'],
    ],
  },
  reviews: { name: 'reviews', columns: ['CHILD', 'DOB', 'REVIEW', 'REVIEW_CODE'] },
  outcomes: {
    name: 'outcomes',
    columns: [
      ...['CHILD', 'DOB', 'SDQ_SCORE', 'SDQ_REASON', 'CONVICTED', 'HEALTH_CHECK', 'IMMUNISATIONS'],
      ...['TEETH_CHECK', 'HEALTH_ASSESSMENT', 'SUBSTANCE_MISUSE', 'INTERVENTION_RECEIVED'],
      'INTERVENTION_OFFERED',
    ],
  },
  missing: { name: 'missing', columns: ['CHILD', 'DOB', 'MISSING', 'MIS_START', 'MIS_END'] },
  previousPermanence: {
    name: 'previous permanence',
    columns: ['CHILD', 'DOB', 'PREV_PERM', 'LA_PERM', 'DATE_PERM'],
  },
  asylumSeeking: { name: 'asylum seeking', columns: ['CHILD', 'SEX', 'DOB', 'DUC'] },
} as const satisfies Record<string, Ssda903File>;

export type Ssda903FileName = keyof typeof SSDA903_FILES;

/**
 * Where the rows go. Of the outcomes (OC2) social care shows the convictions: the SDQ score and the health checks
 * belong to health's record. The unaccompanied asylum-seeking children's file has nothing that the schema shows.
 */
export const SSDA903_ROWS = {
  episodes: {
    name: SSDA903_FILES.episodes.name,
    table: 'careEpisodes',
    columns: CARE_TABLES.careEpisodes.columns,
  },
  reviews: { name: SSDA903_FILES.reviews.name, table: 'reviews', columns: CARE_TABLES.reviews.columns },
  outcomes: { name: SSDA903_FILES.outcomes.name, table: 'careChild', columns: ['convictions'] },
  missing: {
    name: SSDA903_FILES.missing.name,
    table: 'missingEpisodes',
    // Whether a return interview was offered is not asked here, so what the case system says of it stays.
    columns: ['ended_on'],
  },
  previousPermanence: {
    name: SSDA903_FILES.previousPermanence.name,
    table: 'careChild',
    columns: ['previous_permanence'],
  },
  asylumSeeking: { name: SSDA903_FILES.asylumSeeking.name, table: null, columns: [] },
} as const satisfies Record<Exclude<Ssda903FileName, 'header'>, StagedKind>;

export const SSDA903_SHAPE: ReturnShape = {
  children: { name: SSDA903_FILES.header.name, columns: [], upnField: 'UPN' },
  rows: Object.values(SSDA903_ROWS),
};
