import { type FormEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { Answer } from '../asking/answer.ts';
import type { Operation } from '../asking/ask.ts';
import { useAsk } from '../asking/ask.ts';
import { FieldRefusal } from '../asking/field-refusal.tsx';
import './reviews.css';

export interface DecisionDialogProps {
  /** `Suspend Jo Bloggs?` */
  readonly title: string;
  /** What follows from it, in a sentence or two. */
  readonly consequence: ReactNode;
  /** What the button that does it says. */
  readonly verb: string;
  readonly operation: Operation;
  /** Root field of the mutation. */
  readonly field: string;
  /** What is wrong with what was typed; undefined where it may be done. */
  readonly problem: string | undefined;
  /** What is typed. */
  readonly children: ReactNode;
  /** How often another decision was begun beside this one. */
  readonly interruptions: number;
  readonly onDone: (answer: Answer) => void;
  readonly onLeave: () => void;
}

/**
 * Asks once more before something is done that takes effect at once. Where it is refused, it says so and keeps what was typed.
 * Not modal: whose session ends over it signs in again beside it, and goes on.
 */
export function DecisionDialog(props: DecisionDialogProps) {
  const { title, consequence, verb, operation, field, problem, children, interruptions, onDone, onLeave } =
    props;
  const ask = useAsk();
  const dialog = useRef<HTMLDialogElement>(null);
  const [heading, hint] = [useId(), useId()];
  const [refused, setRefused] = useState<Answer>();
  const [isAsking, setAsking] = useState(false);
  const [isTried, setTried] = useState(false);
  useEffect(() => {
    dialog.current?.show();
  }, []);
  useEffect(() => {
    if (interruptions > 0) dialog.current?.querySelector<HTMLElement>('input, textarea, select')?.focus();
  }, [interruptions]);
  const decide = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (problem !== undefined || isAsking) return;
    setAsking(true);
    const answer = await ask(operation);
    setAsking(false);
    if (answer.data?.[field] == null) {
      setRefused(answer);
      return;
    }
    // Closed before it is gone, so that the focus goes back to where it was.
    dialog.current?.close();
    onDone(answer);
  };
  return (
    <dialog
      ref={dialog}
      className="decision"
      aria-labelledby={heading}
      aria-describedby={hint}
      onClose={onLeave}
      onKeyDown={({ key }) => {
        if (key === 'Escape') dialog.current?.close();
      }}
    >
      <form onSubmit={(event) => void decide(event)}>
        <h3 id={heading}>{title}</h3>
        <p id={hint}>{consequence}</p>
        {children}
        <p className="problem" role="alert">
          {isTried ? problem : undefined}
        </p>
        {interruptions === 0 ? null : (
          <p className="problem" role="status">
            This is still open: decide on it, or leave it, before you begin with another.
          </p>
        )}
        {refused === undefined ? null : <FieldRefusal answer={refused} field={field} />}
        <footer>
          <button type="submit" className="primary" disabled={isAsking}>
            {verb}
          </button>
          <button type="button" onClick={() => dialog.current?.close()}>
            Leave it
          </button>
        </footer>
      </form>
    </dialog>
  );
}
