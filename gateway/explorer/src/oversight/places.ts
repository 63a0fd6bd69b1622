import { revealed } from '../layout/unseen.ts';
import type { Stack } from './stacks.ts';

/** An organisation and its accounts. */
export interface Organisation {
  readonly id: string;
  readonly name: string | null;
  readonly stage: string;
  readonly userQuota: number;
  readonly grantedUsers: number;
  readonly activeUsers: number;
  readonly dormantUsers: number | null;
  readonly lapsingUsers: number | null;
}

/** What becomes of the places that its quota gives an organisation. */
export const PLACES = ['In use', 'Dormant', 'Not used yet', 'Free places'] as const;

/** By their names, and their ids as well where two of a page share one. */
export function placesOf(organisations: readonly Organisation[]): readonly Stack[] {
  const alike = Map.groupBy(organisations, ({ name }) => name);
  return organisations.map((organisation) => {
    const { id, name } = organisation;
    if (name === null) return placesIn(organisation, id);
    return placesIn(
      organisation,
      alike.get(name)?.length === 1 ? revealed(name) : `${revealed(name)} (${id})`,
    );
  });
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
