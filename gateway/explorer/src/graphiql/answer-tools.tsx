import { useGraphiQL } from '@graphiql/react';
import { useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { revealed } from '../layout/unseen.ts';
import { TakingWords } from '../taking-along/taking-words.tsx';
import { useHeldBack, useTakingAlong } from '../taking-along/use-taking-along.ts';
import type { ShownAnswer } from './shown-answer.ts';

/**
 * Copies and prints the answer in the editor, by buttons and by the keyboard. A browser's own printing cannot wait for the
 * record, so that it prints the page without the answer.
 */
export function AnswerTools({ shown: { run, text } }: { readonly shown: ShownAnswer }) {
  const editor = useGraphiQL(({ responseEditor }) => responseEditor);
  const [printed, setPrinted] = useState<string>();
  const receipt = run?.answer.receipt;
  const { copy, print, said } = useTakingAlong(() => [receipt]);
  const selectedText = () => {
    const selection = editor?.getSelection();
    return selection == null ? '' : (editor?.getModel()?.getValueInRange(selection) ?? '');
  };
  useHeldBack(editor?.getContainerDomNode(), selectedText, copy);
  const printAnswer = () => {
    flushSync(() => setPrinted(text));
    window.print();
    setPrinted(undefined);
  };

  const isEmpty = run === undefined;
  return (
    <div className="answer-tools">
      <button type="button" disabled={isEmpty} onClick={() => copy(text)}>
        Copy answer
      </button>
      <button type="button" disabled={isEmpty} onClick={() => print(printAnswer)}>
        Print answer
      </button>
      <TakingWords said={said} />
      {printed !== undefined &&
        createPortal(
          <pre className="printed-answer">
            {receipt === undefined ? '' : `Access event ${receipt.origin} ${receipt.index}\n\n`}
            {revealed(printed)}
          </pre>,
          document.body,
        )}
    </div>
  );
}
