import { useGraphiQL } from '@graphiql/react';
import { useCallback, useEffect, useState } from 'react';
import { createPortal, flushSync } from 'react-dom';
import { useAsk } from '../asking/ask.ts';
import { recordUse, TAKING } from './record-use.ts';
import type { ShownAnswer } from './shown-answer.ts';

/**
 * Copying and printing, by buttons and by the keyboard: on record first, and not done where that fails. A browser's own
 * printing cannot wait, so that it prints the page without the answer.
 */
export function AnswerTools({ shown }: { readonly shown: ShownAnswer }) {
  const ask = useAsk();
  const [said, setSaid] = useState<{ readonly text: string; readonly isProblem: boolean }>();
  const [printed, setPrinted] = useState<string>();
  const receipt = shown.answered?.answer.receipt;

  const copy = useCallback(
    async (text: string) => {
      const problem = await recordUse(ask, receipt, 'COPIED');
      if (problem === undefined) await navigator.clipboard.writeText(text);
      setSaid({ text: problem ?? 'Copied, and on record.', isProblem: problem !== undefined });
    },
    [ask, receipt],
  );
  const print = useCallback(async () => {
    const problem = await recordUse(ask, receipt, 'PRINTED');
    if (problem === undefined) {
      flushSync(() => setPrinted(shown.text));
      window.print();
      setPrinted(undefined);
    }
    setSaid({ text: problem ?? 'Printing is on record.', isProblem: problem !== undefined });
  }, [ask, receipt, shown.text]);
  useCopyKeys(copy);

  const isEmpty = shown.answered === undefined;
  return (
    <div className="answer-tools">
      <button type="button" disabled={isEmpty} onClick={() => void copy(shown.text)}>
        Copy answer
      </button>
      <button type="button" disabled={isEmpty} onClick={() => void print()}>
        Print answer
      </button>
      <p className="hint" role={said?.isProblem === true ? 'alert' : 'status'}>
        {said?.text ?? 'Copying and printing are put on record.'}
      </p>
      {printed !== undefined &&
        createPortal(
          <pre className="printed-answer">
            {receipt === undefined ? '' : `Access event ${receipt.origin} ${receipt.index}\n\n`}
            {printed}
          </pre>,
          document.body,
        )}
    </div>
  );
}

/** What is selected in the answer's pane is copied by the browser's own means in the same way. */
function useCopyKeys(copy: (text: string) => Promise<void>): void {
  const editor = useGraphiQL(({ responseEditor }) => responseEditor);
  useEffect(() => {
    const pane = editor?.getContainerDomNode();
    if (editor === undefined || pane === undefined) return;
    const take = (event: Event) => {
      if (!(event.target instanceof Node) || !pane.contains(event.target)) return;
      event.preventDefault();
      // Monaco would fill the clipboard at once.
      event.stopImmediatePropagation();
      const selection = editor.getSelection();
      const selected = selection === null ? undefined : editor.getModel()?.getValueInRange(selection);
      if (selected !== undefined && selected !== '') void copy(selected);
    };
    for (const name of TAKING) document.addEventListener(name, take, { capture: true });
    return () => {
      for (const name of TAKING) document.removeEventListener(name, take, { capture: true });
    };
  }, [editor, copy]);
}
