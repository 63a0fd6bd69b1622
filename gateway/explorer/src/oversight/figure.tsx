import { type ReactNode, useId } from 'react';
import type { WholeList } from '../asking/ask-whole.ts';
import { FieldRefusal } from '../asking/field-refusal.tsx';
import { useAnswer } from '../asking/use-answer.ts';
import { type Column, Table } from '../layout/table.tsx';
import { openInExplorer } from '../open-in-explorer.ts';

export interface FigureProps<Row> {
  readonly title: string;
  /** What it shows and what it leaves out, in a sentence or two. */
  readonly sentence: ReactNode;
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
  /** Root field of the query, which is null where it is refused. */
  readonly field: string;
  /** Within the field: a list of which all pages are asked for. */
  readonly wholeList?: WholeList['list'];
  /** @param value Of the root field; null where there is nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: its shape is the query's.
  readonly rowsOf: (value: any) => readonly Row[];
  readonly columns: readonly Column<Row>[];
  /** Drawn above the table; without one the table is the figure. */
  readonly draw?: (rows: readonly Row[]) => ReactNode;
  /** Said where there are no rows. */
  readonly nothing: string;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  readonly more?: (value: any) => ReactNode;
}

/** One figure: asked when it is shown, drawn, to be read as a table as well, with the query behind it. */
export function Figure<Row>(props: FigureProps<Row>) {
  const { title, sentence, query, variables, field, wholeList, rowsOf, columns, draw, nothing, more } = props;
  const whole = wholeList === undefined ? undefined : { field, list: wholeList };
  const { answer, isAsking, again } = useAnswer({ query, variables }, whole);
  const heading = useId();
  const value = answer?.data?.[field];
  const rows = value == null ? [] : rowsOf(value);
  const isEmpty = answer?.errors.length === 0 && rows.length === 0;
  const table = <Table title={title} columns={columns} rows={rows} />;
  return (
    <section className="figure" aria-labelledby={heading} aria-busy={isAsking}>
      <header>
        <h3 id={heading}>{title}</h3>
        <p className="hint">{sentence}</p>
      </header>
      {answer === undefined ? <p role="status">Asking …</p> : <FieldRefusal answer={answer} field={field} />}
      {isEmpty ? <p className="nothing">{nothing}</p> : null}
      {rows.length > 0 && draw !== undefined ? (
        <>
          {/* For eyes alone: the same numbers stand in the table. */}
          <div className="drawing" aria-hidden="true">
            {draw(rows)}
          </div>
          <details>
            <summary>As a table</summary>
            {table}
          </details>
        </>
      ) : null}
      {rows.length > 0 && draw === undefined ? table : null}
      {wholeList !== undefined && value?.hasNextPage === true ? (
        <p className="problem" role="status">
          These are not all numbers: there are more than one page asks for. Choose fewer days.
        </p>
      ) : null}
      {value == null ? null : more?.(value)}
      <footer>
        <button type="button" onClick={() => openInExplorer({ query, ...(variables && { variables }) })}>
          Open the query<span className="spoken"> behind “{title}”</span>
        </button>
        <button type="button" disabled={isAsking} onClick={() => void again()}>
          Ask again<span className="spoken"> for “{title}”</span>
        </button>
      </footer>
    </section>
  );
}
