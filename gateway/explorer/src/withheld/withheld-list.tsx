import { useGraphiQL } from '@graphiql/react';
import { useId } from 'react';
import { MOST_MARKED } from './find-withheld.ts';
import type { ExplainedWithheld, WithheldInAnswer } from './use-withheld.ts';

/** The same beside the answer, for whoever does not read marks: why each field is null, and what would help. */
export function WithheldList({ withheld: { places, count } }: { readonly withheld: WithheldInAnswer }) {
  const editor = useGraphiQL(({ responseEditor }) => responseEditor);
  const id = useId();
  if (count === 0) return null;
  return (
    <details className="withheld-list" open={count <= OPEN_TO}>
      <summary id={id}>
        {count === 1
          ? 'One place of this answer is withheld or missing'
          : `${count} places of this answer are withheld or missing`}
      </summary>
      {count > MOST_MARKED && <p>The first {MOST_MARKED} of them:</p>}
      <ul aria-labelledby={id}>
        {grouped(places).map(([path, lines, { words }]) => (
          <li key={`${path} ${words.short}`}>
            <button
              type="button"
              className="link"
              disabled={lines[0] === undefined}
              onClick={() => lines[0] !== undefined && editor?.revealLineInCenter(lines[0])}
            >
              <code>{path}</code>
            </button>
            {lines.length > 1 && ` (${lines.length} times)`} — {words.why} <strong>{words.help}</strong>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Lists of which each item lacks the same are one line. */
function grouped(
  places: readonly ExplainedWithheld[],
): readonly (readonly [string, readonly (number | undefined)[], ExplainedWithheld])[] {
  const groups = Map.groupBy(
    places,
    ({ path, words }) => `${path.filter((key) => typeof key === 'string').join('.')}\n${words.short}`,
  );
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const path = first.path.filter((key) => typeof key === 'string').join('.');
    return [[path, group.map(({ line }) => line), first] as const];
  });
}

/** A longer list would leave no room for the answer. */
const OPEN_TO = 6;
