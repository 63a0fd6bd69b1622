import { useEffect, useMemo, useState } from 'react';
import { type Ask, useAsk } from '../asking/ask.ts';
import { useStatedAccess } from '../bar/stated-access.ts';

/** What a field is, and what the reader could read of it, as the gateway's `__fieldAccess` tells it. */
export interface FieldAccess {
  readonly coordinate: string;
  readonly sensitivity: string;
  readonly minimal: boolean;
  readonly agencies: readonly string[];
  readonly readings: readonly FieldReading[];
}

export interface FieldReading {
  readonly sector: string;
  readonly reading: 'FULL' | 'MINIMAL' | 'BREAK_GLASS' | 'NONE';
  readonly needs: readonly string[];
  readonly purposes: readonly string[];
}

const QUESTION = `query FieldAccess($purpose: String!) { __fieldAccess(purpose: $purpose) {
  coordinate sensitivity minimal agencies readings { sector reading needs purposes } } }`;

/** Any purpose tells class and agency; what it says of reading is not shown where none is stated. */
const NONE_STATED = 'AUD';

type Fields = ReadonlyMap<string, FieldAccess>;

const NO_FIELDS: Fields = new Map();

/** What was told in a session, by purpose: policies do not change from one pane to the next. */
const told = new WeakMap<Ask, Map<string, Promise<Fields | undefined>>>();

/** By coordinate, for the purpose in the bar. Empty until it is told, and where it cannot be. */
export function useFieldAccess(): Fields {
  const ask = useAsk();
  const { purpose } = useStatedAccess().stated;
  const [fields, setFields] = useState(NO_FIELDS);
  const asked = useMemo(() => ({ isOver: false, purpose }), [purpose]);
  useEffect(() => {
    void tell(ask, asked.purpose || NONE_STATED).then((found) => {
      if (!asked.isOver && found !== undefined) setFields(found);
    });
    return () => {
      asked.isOver = true;
    };
  }, [ask, asked]);
  return fields;
}

function tell(ask: Ask, purpose: string): Promise<Fields | undefined> {
  const known = told.get(ask) ?? new Map<string, Promise<Fields | undefined>>();
  told.set(ask, known);
  let asking = known.get(purpose);
  if (asking === undefined) {
    asking = ask({ query: QUESTION, variables: { purpose } }).then(({ data }) => {
      const list = data?.__fieldAccess as readonly FieldAccess[] | null | undefined;
      // Asked again when it is next needed.
      if (list == null) known.delete(purpose);
      return list == null ? undefined : new Map(list.map((field) => [field.coordinate, field]));
    });
    known.set(purpose, asking);
  }
  return asking;
}
