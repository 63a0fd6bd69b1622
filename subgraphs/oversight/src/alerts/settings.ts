/** What the rules go by, all in one place. Hours and days are those of Europe/London. */
export interface AlertSettings {
  /** Whole hours; a day of work begins with the first and ends before the second, Monday to Friday. */
  readonly officeHours: { readonly from: number; readonly to: number };
  readonly roundTheClock: { readonly roles: readonly string[]; readonly organisations: readonly string[] };
  readonly volume: VolumeSettings;
  /** Questions in a day that found nobody: of roles that are named, and of all others. */
  readonly searchMisses: { readonly most: number; readonly mostOf: Readonly<Record<string, number>> };
  /** Break-glass windows that somebody opened within so many days. */
  readonly breakGlass: { readonly windows: number; readonly days: number };
  /** Minutes that a mutation may take: many times the longest deadline on its way. */
  readonly intentMinutes: number;
  /** Minutes that an import may take. */
  readonly importMinutes: number;
  /** Readers without relationship whom one child had on a day. */
  readonly famousReaders: number;
  readonly relationship: {
    /** Whole days after the day of the access within which a relationship may still be made. */
    readonly days: number;
    /** Children of a day without one. */
    readonly children: number;
    /** Roles that meet children whom nobody has allocated yet (`relationship-required` of the seed policies). */
    readonly neededByAllBut: readonly string[];
  };
  /** Children of a day who live elsewhere, and the roles to whom people come from anywhere. */
  readonly area: { readonly children: number; readonly rolesWithout: readonly string[] };
  /** Fewest children who make an address worth telling, and the roles that look at households by profession. */
  readonly address: { readonly children: number; readonly rolesWithout: readonly string[] };
}

export interface VolumeSettings {
  /** Days before the one that is measured, from which peers are taken. */
  readonly days: number;
  /** Fewest other people, and days of theirs, to be peers at all. */
  readonly people: number;
  readonly peerDays: number;
  /** Deviations above the median; one is 1.4826 times the median absolute deviation, at least one child. */
  readonly deviations: number;
  /** So many children are never too many. */
  readonly children: number;
}

/**
 * Round the clock work emergency departments, the police, and the screeners who take referrals at night. A role beside
 * them is not made so by the building: a trust's school nurse works when schools do.
 */
export const DEFAULT_ALERT_SETTINGS: AlertSettings = {
  officeHours: { from: 7, to: 20 },
  roundTheClock: { roles: ['emergency-clinician', 'mash-screener', 'police-child-abuse'], organisations: [] },
  volume: { days: 28, people: 8, peerDays: 40, deviations: 6, children: 20 },
  searchMisses: {
    most: 15,
    mostOf: {
      'mash-screener': 40,
      'emergency-clinician': 40,
      'police-child-abuse': 30,
      'identity-steward': 90,
    },
  },
  breakGlass: { windows: 3, days: 7 },
  intentMinutes: 5,
  importMinutes: 24 * 60,
  famousReaders: 8,
  relationship: {
    days: 3,
    children: 1,
    neededByAllBut: ['mash-screener', 'emergency-clinician', 'police-child-abuse', 'identity-steward'],
  },
  area: { children: 1, rolesWithout: ['emergency-clinician', 'identity-steward'] },
  address: { children: 2, rolesWithout: ['mash-screener', 'police-child-abuse', 'identity-steward'] },
};
