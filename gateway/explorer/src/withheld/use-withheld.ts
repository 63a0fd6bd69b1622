import { useGraphiQL } from '@graphiql/react';
import { useEffect, useMemo } from 'react';
import { useFieldAccess } from '../fields/field-access.ts';
import type { ShownAnswer } from '../graphiql/shown-answer.ts';
import { useSettings } from '../settings/settings-context.ts';
import { createCoordinateAt } from './coordinate-at.ts';
import { countWithheld, findWithheld, type Withheld } from './find-withheld.ts';
import { type WithheldWords, withheldWords } from './withheld-words.ts';

export interface ExplainedWithheld extends Withheld {
  readonly words: WithheldWords;
}

export interface WithheldInAnswer {
  readonly places: readonly ExplainedWithheld[];
  /** More than `places` where there are too many. */
  readonly count: number;
}

/** What the shown answer withholds, in words; each null of it is marked where it stands. */
export function useWithheld({ text, run }: ShownAnswer): WithheldInAnswer {
  const schema = useGraphiQL(({ schema }) => schema);
  const fields = useFieldAccess();
  const { purposes } = useSettings();
  const found = useMemo(() => ({ places: findWithheld(text), count: countWithheld(text) }), [text]);
  const explained = useMemo((): readonly ExplainedWithheld[] => {
    const { query = '', operationName } = run?.operation ?? {};
    const coordinateAt = schema ? createCoordinateAt(schema, query, operationName) : () => undefined;
    return found.places.map((place) => {
      const access = fields.get(coordinateAt(place.path) ?? '');
      return { ...place, words: withheldWords(place, access, purposes) };
    });
  }, [found, run, schema, fields, purposes]);
  useMarks(explained);
  return { places: explained, count: found.count };
}

function useMarks(places: readonly ExplainedWithheld[]): void {
  const editor = useGraphiQL(({ responseEditor }) => responseEditor);
  useEffect(() => {
    const model = editor?.getModel();
    if (editor === undefined || model == null) return;
    const marks = places.flatMap(({ line, words }) => {
      // The pane may show another answer by now.
      if (line === undefined || line > model.getLineCount() || !/\bnull,?$/.test(model.getLineContent(line)))
        return [];
      const end = model.getLineMaxColumn(line);
      const range = { startLineNumber: line, startColumn: 1, endLineNumber: line, endColumn: end };
      return {
        range,
        options: {
          isWholeLine: true,
          className: 'withheld-line',
          hoverMessage: { value: `${words.why} ${words.help}` },
          after: { content: `  ${words.short}`, inlineClassName: 'withheld-mark' },
        },
      };
    });
    const collection = editor.createDecorationsCollection(marks);
    return () => collection.clear();
  }, [editor, places]);
}
