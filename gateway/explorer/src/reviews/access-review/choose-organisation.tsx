import { useId } from 'react';
import { FieldRefusal } from '../../asking/field-refusal.tsx';
import { useAnswer } from '../../asking/use-answer.ts';
import { revealed } from '../../layout/unseen.ts';
import { CHOICE } from './queries.ts';

interface Choice {
  readonly id: string;
  readonly name: string | null;
}

/** How far a review looks ahead, in days. */
const AHEAD = [0, 30, 60, 90, 365];

/** There are hundreds, not millions: whoever chooses sees all of them. */
const ALL = { field: 'organisations', list: 'organisations' };

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
  const { answer } = useAnswer({ query: CHOICE }, ALL);
  const found = answer?.data?.organisations as
    | { readonly organisations: readonly Choice[]; readonly hasNextPage: boolean }
    | null
    | undefined;
  return (
    <>
      <div className="choose">
        <div className="field">
          <label htmlFor={organisation}>Organisation</label>
          <select id={organisation} value={chosen ?? ''} onChange={({ target }) => onChoose(target.value)}>
            <option value="" disabled>
              Choose one …
            </option>
            {found?.organisations.map(({ id, name }) => (
              <option key={id} value={id}>
                {name === null ? id : `${revealed(name)} (${id})`}
              </option>
            ))}
          </select>
          {found?.hasNextPage === true ? (
            <span className="hint">These are the first {found.organisations.length} of them.</span>
          ) : null}
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
