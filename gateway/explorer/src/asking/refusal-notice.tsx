import { type Answer, refusalOf, SESSION_ENDED, withheldWhole } from './answer.ts';
import { refusalWords } from './refusal-words.ts';

/** Why an operation came to nothing, or which agencies are missing from its answer. Nothing, where all is well. */
export function RefusalNotice({ answer }: { readonly answer: Answer }) {
  const refusal = refusalOf(answer);
  if (refusal !== undefined) {
    // The page says so by itself, and what to do.
    if (refusal.code === SESSION_ENDED) return null;
    return (
      <div className="notice" role="alert">
        <p>
          {refusalWords(refusal)} <code>{refusal.code}</code>
        </p>
      </div>
    );
  }
  const withheld = withheldWhole(answer);
  if (withheld !== undefined)
    return (
      <div className="notice" role="alert">
        <p>
          {refusalWords(withheld)} <code>{withheld.reason ?? withheld.code}</code>
        </p>
      </div>
    );
  const away = awayOf(answer);
  if (away.length === 0) return null;
  return (
    <div className="notice" role="alert">
      <p>
        {away.join(', ')} did not answer: what {away.length === 1 ? 'it holds' : 'they hold'} is missing here,
        and is not nothing. Try again in a while. <code>SUBGRAPH_UNAVAILABLE</code>
      </p>
    </div>
  );
}

function awayOf({ errors }: Answer): readonly string[] {
  const away = errors.flatMap(({ extensions = {} }) =>
    extensions['code'] === 'SUBGRAPH_UNAVAILABLE' ? [String(extensions['subgraph'] ?? 'An agency')] : [],
  );
  return [...new Set(away)];
}
