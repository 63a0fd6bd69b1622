import { PRIMARY_NEED } from '../../code-sets.ts';
import type { Assessment, ChildProtectionPlan, Referral, Review, Section47Enquiry } from '../../record.ts';
import { type Fields, refuseBeforeBirth, refuseEndBeforeStart } from '../fields.ts';
import { RowRefused } from '../refusal.ts';
import {
  ASSESSMENT_FACTORS,
  CATEGORY_OF_ABUSE,
  REASON_FOR_CLOSURE,
  REFERRAL_SOURCE,
  YES_NO,
} from './codes.ts';
import { childOf, childrenOf, type Element, textOf } from './element.ts';

/** Parts of an episode that show that the referral led to work, whatever ReferralNFA says. */
const WORK = ['Assessments', 'CINPlanDates', 'Section47', 'ChildProtectionPlans', 'DateOfInitialCPC'];

/**
 * Readers of the census's repeated parts. Each checks one element and gives what the record keeps of it.
 *
 * @param earliest First day that anything can have happened: 40 weeks before birth, for children are referred unborn.
 *   Null for a child not born yet.
 */
export function readEpisode(episode: Element, fields: Fields, earliest: string | null): Referral {
  const receivedOn = fields.date('CINreferralDate');
  const closedOn = fields.optionalDate('CINclosureDate');
  const initialConferenceOn = fields.optionalDate('DateOfInitialCPC');
  refuseBeforeBirth(receivedOn, earliest, 'CINreferralDate');
  refuseBeforeBirth(initialConferenceOn, earliest, 'DateOfInitialCPC');
  refuseEndBeforeStart(receivedOn, closedOn, 'CINclosureDate');
  return {
    receivedOn,
    source: fields.code('ReferralSource', REFERRAL_SOURCE),
    primaryNeed: fields.optionalCode('PrimaryNeedCode', PRIMARY_NEED),
    noFurtherAction: yesOrNo(fields, 'ReferralNFA') && !WORK.some((name) => childOf(episode, name)),
    closedOn,
    closureReason: fields.optionalCode('ReasonForClosure', REASON_FOR_CLOSURE),
    initialConferenceOn,
  };
}

export function readAssessment(element: Element, fields: Fields, earliest: string | null): Assessment {
  const startedOn = fields.date('AssessmentActualStartDate');
  const authorisedOn = fields.optionalDate('AssessmentAuthorisationDate');
  refuseBeforeBirth(startedOn, earliest, 'AssessmentActualStartDate');
  refuseEndBeforeStart(startedOn, authorisedOn, 'AssessmentAuthorisationDate');
  const identified = childOf(element, 'FactorsIdentifiedAtAssessment');
  const factors =
    identified === undefined
      ? []
      : childrenOf(identified, 'AssessmentFactors').map(({ text }) => text.trim());
  if (factors.some((factor) => !ASSESSMENT_FACTORS.has(factor)))
    throw new RowRefused('UNKNOWN_CODE', 'AssessmentFactors');
  return { startedOn, authorisedOn, factors: [...new Set(factors)] };
}

export function readEnquiry(_element: Element, fields: Fields, earliest: string | null): Section47Enquiry {
  const startedOn = fields.date('S47ActualStartDate');
  const initialConferenceOn = fields.optionalDate('DateOfInitialCPC');
  refuseBeforeBirth(startedOn, earliest, 'S47ActualStartDate');
  refuseEndBeforeStart(startedOn, initialConferenceOn, 'DateOfInitialCPC');
  fields.optionalDate('InitialCPCtarget');
  return { startedOn, initialConferenceOn, conferenceNotRequired: yesOrNo(fields, 'ICPCnotRequired') };
}

export function readProtectionPlan(
  _element: Element,
  fields: Fields,
  earliest: string | null,
): ChildProtectionPlan {
  const startedOn = fields.date('CPPstartDate');
  const endedOn = fields.optionalDate('CPPendDate');
  refuseBeforeBirth(startedOn, earliest, 'CPPstartDate');
  refuseEndBeforeStart(startedOn, endedOn, 'CPPendDate');
  return {
    startedOn,
    endedOn,
    initialCategory: fields.code('InitialCategoryOfAbuse', CATEGORY_OF_ABUSE),
    latestCategory: fields.code('LatestCategoryOfAbuse', CATEGORY_OF_ABUSE),
  };
}

/** @param fields Of the review's own element, which holds nothing but the day. */
export function readReview(
  _element: Element,
  fields: Fields,
  earliest: string | null,
): Omit<Review, 'participation'> {
  const heldOn = fields.date('CPPreviewDate');
  refuseBeforeBirth(heldOn, earliest, 'CPPreviewDate');
  return { kind: 'CHILD_PROTECTION', heldOn };
}

/** Start and end; the record keeps nothing of them. */
export function readNeedPlan(_element: Element, fields: Fields, earliest: string | null) {
  const startedOn = fields.date('CINPlanStartDate');
  const endedOn = fields.optionalDate('CINPlanEndDate');
  refuseBeforeBirth(startedOn, earliest, 'CINPlanStartDate');
  refuseEndBeforeStart(startedOn, endedOn, 'CINPlanEndDate');
  return { startedOn, endedOn };
}

function yesOrNo(fields: Fields, field: string): boolean {
  const answer = YES_NO.get(fields.required(field));
  if (answer === undefined) throw new RowRefused('UNKNOWN_CODE', field);
  return answer;
}

/** Fields of an element: the text of its children, or its own under its own name. */
export function readField(element: Element, field: string): string | undefined {
  return element.name === field ? element.text : textOf(element, field);
}
