import { useState } from 'react';
import { Figure } from './figure.tsx';
import { ORGANISATIONS } from './queries.ts';
import { StackedBars } from './stacked-bars.tsx';

interface Organisation {
  readonly id: string;
  readonly name: string | null;
  readonly stage: string;
  readonly userQuota: number;
  readonly grantedUsers: number;
  readonly activeUsers: number;
  readonly dormantUsers: number | null;
  readonly lapsingUsers: number | null;
}

const A_PAGE = 12;

const PARTS = ['In use', 'Dormant', 'Not used yet', 'Free places'] as const;

/** Accounts as parts of the quota: in use, dormant, neither, and places that are free. */
function placesOf({ id, userQuota, grantedUsers, activeUsers, dormantUsers }: Organisation) {
  const dormant = Math.min(dormantUsers ?? 0, grantedUsers - activeUsers);
  const parts: Record<(typeof PARTS)[number], number> = {
    'In use': activeUsers,
    Dormant: dormant,
    'Not used yet': grantedUsers - activeUsers - dormant,
    'Free places': Math.max(0, userQuota - grantedUsers),
  };
  return { of: id, parts, total: grantedUsers };
}

export function Organisations() {
  const [cursors, setCursors] = useState<readonly (string | null)[]>([null]);
  return (
    <Figure<Organisation>
      title="Accounts by organisation"
      sentence="Accounts granted, in use in the last 90 days, and dormant, against the quota; and those whose training or DBS certificate lapses within 30 days."
      query={ORGANISATIONS}
      variables={{ first: A_PAGE, after: cursors.at(-1) ?? null, withinDays: 30 }}
      field="organisations"
      rowsOf={({ organisations }: { organisations: readonly Organisation[] }) => organisations}
      columns={[
        { name: 'Organisation', cell: ({ id, name }) => (name === null ? id : `${name} (${id})`) },
        { name: 'Stage', cell: ({ stage }) => stage },
        { name: 'Quota', isNumber: true, cell: ({ userQuota }) => userQuota },
        { name: 'Granted', isNumber: true, cell: ({ grantedUsers }) => grantedUsers },
        { name: 'In use', isNumber: true, cell: ({ activeUsers }) => activeUsers },
        { name: 'Dormant', isNumber: true, cell: ({ dormantUsers }) => dormantUsers },
        { name: 'Lapsing', isNumber: true, cell: ({ lapsingUsers }) => lapsingUsers },
      ]}
      draw={(organisations) => (
        <StackedBars stacks={organisations.map(placesOf)} isLying names={PARTS} muted="Free places" />
      )}
      nothing="There are no organisations."
      more={({ hasNextPage, endCursor }: { hasNextPage: boolean; endCursor: string | null }) => (
        <p className="pages">
          <button
            type="button"
            disabled={cursors.length === 1}
            onClick={() => setCursors((before) => before.slice(0, -1))}
          >
            Earlier organisations
          </button>
          <button
            type="button"
            disabled={!hasNextPage}
            onClick={() => setCursors((before) => [...before, endCursor])}
          >
            Further organisations
          </button>
        </p>
      )}
    />
  );
}
