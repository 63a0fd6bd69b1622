import { labelsOf, type NamedOrganisation } from './organisation-labels.ts';
import type { Stack } from './stacks.ts';

/** An organisation and its accounts. */
export interface Organisation extends NamedOrganisation {
  readonly stage: string;
  readonly userQuota: number;
  readonly grantedUsers: number;
  readonly activeUsers: number;
  readonly dormantUsers: number | null;
  readonly lapsingUsers: number | null;
}

/** What becomes of the places that its quota gives an organisation. */
export const PLACES = ['In use', 'Dormant', 'Not used yet', 'Free places'] as const;

/** One bar each. */
export function placesOf(organisations: readonly Organisation[]): readonly Stack[] {
  const labels = labelsOf(organisations);
  return organisations.map((organisation) =>
    placesIn(organisation, labels.get(organisation.id) ?? organisation.id),
  );
}

/** Accounts as parts of the quota: in use, dormant, neither, and places that are free. */
function placesIn({ userQuota, grantedUsers, activeUsers, dormantUsers }: Organisation, of: string): Stack {
  const dormant = Math.min(dormantUsers ?? 0, grantedUsers - activeUsers);
  const parts: Record<(typeof PLACES)[number], number> = {
    'In use': activeUsers,
    Dormant: dormant,
    'Not used yet': grantedUsers - activeUsers - dormant,
    'Free places': Math.max(0, userQuota - grantedUsers),
  };
  return { of, parts, total: grantedUsers };
}
