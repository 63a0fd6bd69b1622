import type { Sector } from '@contactpoint/access/sector';

/** `Sex` of the contract. */
export type Sex = 'MALE' | 'FEMALE' | 'INDETERMINATE' | 'UNKNOWN';

/** A number under which another body knows a child. */
export interface Identifier {
  readonly system: 'NHS_NUMBER' | 'UPN' | 'LOCAL_AUTHORITY_CHILD_ID';
  /** NHS_NUMBER and UPN as `@contactpoint/contract` validates them: no spaces, upper case. */
  readonly value: string;
  /** DfE code of the local authority whose number it is, `975`; for LOCAL_AUTHORITY_CHILD_ID only. */
  readonly authority?: string;
}

/** Dates are calendar dates in Europe/London, `YYYY-MM-DD`. Sealed placements are not stored here at all. */
export interface AddressRecord {
  readonly line1?: string;
  readonly town?: string;
  readonly postcode?: string;
  /** Unique property reference number, up to 12 digits. */
  readonly uprn?: string;
  readonly from?: string;
  /** Absent while the child lives there. */
  readonly to?: string;
}

export interface CarerRecord {
  readonly name: string;
  readonly relationship?: string;
  readonly hasParentalResponsibility?: boolean;
  readonly phone?: string;
}

export interface InvolvementRecord {
  /** Unique in the whole directory, says nothing about the child; the same at every ingest. */
  readonly id: string;
  /** Gives this practitioner a relationship while the involvement is open. */
  readonly practitionerId?: string;
  readonly organisationId: string;
  readonly sector: Sector;
  readonly service: string;
  /** True only for social care's allocation: the relationship ALLOCATED instead of TEAM. */
  readonly allocated: boolean;
  /**
   * A sensitive service: readers see that there is one and the authority's broker's telephone (`ingestBrokers`),
   * never this record's own service or contact.
   */
  readonly brokered: boolean;
  readonly isLead: boolean;
  /**
   * True for an involvement that gives the relationship and is on the practitioner's caseload, but is not shown with the
   * child: how a child can have a team and `involvements` null (the stock situation `empty`).
   */
  readonly unlisted?: boolean;
  readonly from: string;
  /** Last day of the involvement; absent while it is open. */
  readonly to?: string;
  readonly practitionerName?: string;
  readonly practitionerRole?: string;
  readonly phone?: string;
  readonly email?: string;
}

/** An organisation that holds a record of the child: "own" in the matrix of roles and classes. */
export interface RecordHolder {
  readonly sector: Sector;
  readonly organisationId: string;
  readonly from: string;
  readonly to?: string;
}

/** One identity with everything that the directory keeps about it. A person may have two that are never linked. */
export interface IdentityRecord {
  /** ContactPoint number. */
  readonly id: string;
  readonly givenNames: readonly string[];
  readonly familyName: string;
  readonly dateOfBirth: string;
  readonly sex: Sex;
  readonly formerNames?: readonly string[];
  /** DfE ethnicity code, `WBRI`. */
  readonly ethnicity?: string;
  readonly identifiers: readonly Identifier[];
  /** DfE code of the responsible local authority, `975`. */
  readonly localAuthority?: string;
  readonly addresses: readonly AddressRecord[];
  readonly carers: readonly CarerRecord[];
  readonly involvements: readonly InvolvementRecord[];
  readonly recordHolders: readonly RecordHolder[];
  /** True puts a shield on the identity; false or absent never takes one off. */
  readonly shielded?: boolean;
  /**
   * True for an identity that must never be linked to another one of the same person (adoption, new identity): it can
   * then be merged with none. False or absent never takes that back.
   */
  readonly mergeBarred?: boolean;
}

/** Whom to ring about a sensitive service: one broker for each local authority. */
export interface Broker {
  /** DfE code, `975`. */
  readonly authority: string;
  readonly phone: string;
}
