import { useGraphiQLActions } from '@graphiql/react';
import { useWithheld } from '../withheld/use-withheld.ts';
import { WithheldList } from '../withheld/withheld-list.tsx';
import { AnswerTools } from './answer-tools.tsx';
import { useShownAnswer } from './shown-answer.ts';

/** Below an answer: what it withholds, its receipt, and how it is taken along. */
export function AnswerFooter() {
  const shown = useShownAnswer();
  const withheld = useWithheld(shown);
  const { setVisiblePlugin } = useGraphiQLActions();
  const receipt = shown.run?.answer.receipt;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is longer than it is scrolled by keys.
    <section className="answer-footer" aria-label="About the answer" tabIndex={0}>
      <WithheldList withheld={withheld} />
      {receipt !== undefined && (
        <p>
          Access event{' '}
          <button type="button" className="link" onClick={() => setVisiblePlugin('Access')}>
            <code>
              {receipt.origin} {receipt.index}
            </code>
          </button>
        </p>
      )}
      {/* What was said of one answer is not said of the next. */}
      <AnswerTools key={`${receipt?.origin} ${receipt?.index}`} shown={shown} />
    </section>
  );
}
