import { useMemo } from 'react';
import { useAnswer } from '../asking/use-answer.ts';
import { useSession } from '../session/session.ts';
import { Figure } from './figure.tsx';
import { labelsOf, type NamedOrganisation } from './organisation-labels.ts';
import { ACCESSES_BY_DAY, ACCESSES_BY_ORGANISATION, NAMES, WITHHELD } from './queries.ts';
import { reasonWords } from './reason-words.ts';
import { StackedBars } from './stacked-bars.tsx';
import { SEVERAL, type Stack, stacksOf } from './stacks.ts';

/** First and last day, `YYYY-MM-DD`. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

interface AccessFigure {
  readonly day?: string | null;
  readonly organisationId?: string | null;
  readonly purpose: string | null;
  readonly accesses: number;
}

/** Bars drawn at most; the table has all of them. */
const DRAWN = 15;

const NOTHING =
  'No numbers for these days. A day with fewer than five accesses, or to fewer than five children, has none.';

const purposesOf = ({ parts }: Stack) =>
  Object.entries(parts)
    .map(([purpose, number]) => `${purpose} ${number}`)
    .join(', ');

const COLUMNS = [
  { name: 'Accesses', isNumber: true, cell: ({ total }: Stack) => total },
  { name: 'By purpose', cell: purposesOf },
];

export function AccessesByDay(days: Days) {
  return (
    <Figure<Stack>
      title="Accesses over time"
      sentence="Accesses to children’s records on each day, by purpose of use."
      query={ACCESSES_BY_DAY}
      variables={{ ...days }}
      field="accessFigures"
      wholeList="figures"
      rowsOf={({ figures }: { figures: readonly AccessFigure[] }) =>
        stacksOf(
          figures.map(({ day = null, purpose, accesses }) => ({ of: day, part: purpose, number: accesses })),
        )
      }
      columns={[{ name: 'Day', cell: ({ of }) => of }, ...COLUMNS]}
      draw={(stacks) => <StackedBars stacks={stacks} />}
      nothing={NOTHING}
      more={({ countedTo }: { countedTo: string | null }) => (
        <p className="hint">
          {countedTo === null ? 'No day has been counted yet.' : `Counted up to ${countedTo}.`} A day is
          counted once, an hour after it is over.
        </p>
      )}
    />
  );
}

const ALL_ORGANISATIONS = { field: 'organisations', list: 'organisations' };

/** Names, for whoever may ask for them: a figure has ids alone, and an auditor sees these. */
function useOrganisationLabels(): ReadonlyMap<string, string> {
  const mayAsk = useSession()?.scopes.includes('accreditation:read') === true;
  const { answer } = useAnswer(mayAsk ? { query: NAMES } : undefined, ALL_ORGANISATIONS);
  const named = answer?.data?.organisations?.organisations as readonly NamedOrganisation[] | undefined;
  return useMemo(() => labelsOf(named ?? []), [named]);
}

export function AccessesByOrganisation(days: Days) {
  const labels = useOrganisationLabels();
  return (
    <Figure<Stack>
      title="Accesses by organisation"
      sentence={`Organisations with the most accesses, by purpose of use. “${SEVERAL}” are those that would be too small alone.`}
      query={ACCESSES_BY_ORGANISATION}
      variables={{ ...days }}
      field="accessFigures"
      wholeList="figures"
      rowsOf={({ figures }: { figures: readonly AccessFigure[] }) =>
        stacksOf(
          figures.map(({ organisationId = null, purpose, accesses }) => ({
            of: organisationId,
            part: purpose,
            number: accesses,
          })),
        ).toSorted((one, other) => other.total - one.total)
      }
      columns={[
        { name: 'Organisation', cell: ({ of }) => labels.get(of) ?? of },
        { name: 'Id', cell: ({ of }) => (of === SEVERAL ? '–' : of) },
        ...COLUMNS,
      ]}
      draw={(stacks) => (
        <StackedBars
          stacks={stacks.slice(0, DRAWN).map((stack) => ({ ...stack, of: labels.get(stack.of) ?? stack.of }))}
          isLying
        />
      )}
      nothing={NOTHING}
    />
  );
}

export function WithheldByReason(days: Days) {
  return (
    <Figure<Stack>
      title="Withheld by reason"
      sentence="Each request once, by what weighs most of what it was not given, or by the code with which it was refused."
      query={WITHHELD}
      variables={{ ...days }}
      field="withheldFigures"
      rowsOf={({ figures }: { figures: readonly { reason: string | null; requests: number }[] }) =>
        figures.map(({ reason, requests }) => ({
          of: reasonWords(reason),
          parts: { Requests: requests },
          total: requests,
        }))
      }
      columns={[
        { name: 'Withheld', cell: ({ of }) => of },
        { name: 'Requests', isNumber: true, cell: ({ total }) => total },
      ]}
      draw={(stacks) => <StackedBars stacks={stacks.slice(0, DRAWN)} isLying />}
      nothing={NOTHING}
    />
  );
}
