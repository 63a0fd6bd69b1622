import { useEffect, useId, useState } from 'react';
import { FieldRefusal } from '../asking/field-refusal.tsx';
import { useAnswer } from '../asking/use-answer.ts';
import { CHOICE } from './queries.ts';

interface Choice {
  readonly id: string;
  readonly name: string | null;
}

/** How far a review looks ahead, in days. */
const AHEAD = [0, 30, 60, 90, 365];

export function ChooseOrganisation({
  chosen,
  withinDays,
  onChoose,
  onWithinDays,
}: {
  readonly chosen: string | undefined;
  readonly withinDays: number;
  readonly onChoose: (id: string) => void;
  readonly onWithinDays: (days: number) => void;
}) {
  const [organisation, days] = [useId(), useId()];
  const [after, setAfter] = useState<string | null>(null);
  const [known, setKnown] = useState<readonly Choice[]>([]);
  const { answer } = useAnswer({ query: CHOICE, variables: { after } });
  const page = answer?.data?.organisations as
    | { readonly organisations: readonly Choice[]; readonly hasNextPage: boolean; readonly endCursor: string }
    | null
    | undefined;
  useEffect(() => {
    if (page == null) return;
    setKnown((before) => [
      ...new Map([...before, ...page.organisations].map((each) => [each.id, each])).values(),
    ]);
    // There are hundreds, not millions: whoever chooses sees all of them.
    if (page.hasNextPage) setAfter(page.endCursor);
  }, [page]);
  return (
    <>
      <div className="choose">
        <div className="field">
          <label htmlFor={organisation}>Organisation</label>
          <select id={organisation} value={chosen ?? ''} onChange={({ target }) => onChoose(target.value)}>
            <option value="" disabled>
              Choose one …
            </option>
            {known.map(({ id, name }) => (
              <option key={id} value={id}>
                {name === null ? id : `${name} (${id})`}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor={days}>Lapsing within</label>
          <select id={days} value={withinDays} onChange={({ target }) => onWithinDays(Number(target.value))}>
            {AHEAD.map((each) => (
              <option key={each} value={each}>
                {each === 0 ? 'lapsed already' : `${each} days`}
              </option>
            ))}
          </select>
        </div>
      </div>
      {answer === undefined ? null : <FieldRefusal answer={answer} field="organisations" />}
    </>
  );
}
