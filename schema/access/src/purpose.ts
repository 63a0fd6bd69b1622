/**
 * Purposes of use: ContactPoint's own code system, with the HL7 v3 PurposeOfUse code where one means the same.
 * @see https://terminology.hl7.org/ValueSet-v3-PurposeOfUse.html
 */
export const PURPOSES = {
  DC: { hl7: 'TREAT', meaning: 'direct care' },
  EC: { hl7: 'ETREAT', meaning: 'emergency care' },
  ED: { hl7: undefined, meaning: 'education provision and safeguarding in school' },
  CME: { hl7: undefined, meaning: 'children missing education' },
  EH: { hl7: undefined, meaning: 'early help, with consent' },
  S17: { hl7: undefined, meaning: 'child in need, Children Act 1989 s.17' },
  S47: { hl7: undefined, meaning: 'child protection enquiry, Children Act 1989 s.47' },
  REV: { hl7: undefined, meaning: 'looked-after or child protection review' },
  MATCH: { hl7: 'PATADMIN', meaning: 'identity and data quality' },
  SAR: { hl7: 'PATRQT', meaning: 'subject access' },
  AUD: { hl7: 'HCOMPL', meaning: 'audit and investigation' },
  CDR: { hl7: undefined, meaning: 'child death or practice review' },
} as const;

export type PurposeOfUse = keyof typeof PURPOSES;

export function isPurposeOfUse(code: string): code is PurposeOfUse {
  return Object.hasOwn(PURPOSES, code);
}
