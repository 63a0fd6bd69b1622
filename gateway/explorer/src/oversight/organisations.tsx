import { OthersText } from '../layout/others-text.tsx';
import { type PageOfList, Pages, usePaging } from '../layout/pages.tsx';
import { Figure } from './figure.tsx';
import { type Organisation, PLACES, placesOf } from './places.ts';
import { ORGANISATIONS } from './queries.ts';
import { StackedBars } from './stacked-bars.tsx';

const A_PAGE = 12;

export function Organisations() {
  const paging = usePaging();
  return (
    <Figure<Organisation>
      title="Accounts by organisation"
      sentence="Accounts granted, in use in the last 90 days, and dormant, against the quota; and those whose training or DBS certificate lapses within 30 days."
      query={ORGANISATIONS}
      variables={{ first: A_PAGE, after: paging.after, withinDays: 30 }}
      field="organisations"
      rowsOf={({ organisations }: { organisations: readonly Organisation[] }) => organisations}
      columns={[
        {
          name: 'Organisation',
          cell: ({ id, name }) =>
            name === null ? (
              id
            ) : (
              <>
                <OthersText text={name} /> ({id})
              </>
            ),
        },
        { name: 'Stage', cell: ({ stage }) => stage },
        { name: 'Quota', isNumber: true, cell: ({ userQuota }) => userQuota },
        { name: 'Granted', isNumber: true, cell: ({ grantedUsers }) => grantedUsers },
        { name: 'In use', isNumber: true, cell: ({ activeUsers }) => activeUsers },
        { name: 'Dormant', isNumber: true, cell: ({ dormantUsers }) => dormantUsers },
        { name: 'Lapsing', isNumber: true, cell: ({ lapsingUsers }) => lapsingUsers },
      ]}
      draw={(organisations) => (
        <StackedBars stacks={placesOf(organisations)} isLying names={PLACES} muted="Free places" />
      )}
      nothing="There are no organisations."
      more={(page: PageOfList & { readonly organisations: readonly Organisation[] }) => (
        <Pages
          of="organisations"
          paging={paging}
          page={page}
          shown={page.organisations.length}
          size={A_PAGE}
        />
      )}
    />
  );
}
