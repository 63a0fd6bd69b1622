import { useId } from 'react';
import { withoutUnseen } from '../layout/unseen.ts';
import { useSettings } from '../settings/settings-context.ts';
import { useStatedAccess } from './stated-access.ts';

const LETTERS_AND_DIGITS = /[\p{L}\p{N}]/gu;

/** Why. Too short a reason is said here, and refused by the gateway alone. */
export function ReasonField() {
  const { reason } = useSettings();
  const { stated, state } = useStatedAccess();
  const id = useId();
  const shortest = stated.breakGlass ? reason.shortestOverride : reason.shortest;
  const length = stated.reason.trim().length;
  const missing = shortest - length;
  const letters = stated.reason.match(LETTERS_AND_DIGITS)?.length ?? 0;
  return (
    <div className="field reason">
      <label htmlFor={id}>Reason</label>
      <input
        id={id}
        value={stated.reason}
        maxLength={reason.longest}
        autoComplete="off"
        dir="auto"
        aria-describedby={`${id}-hint`}
        onChange={({ target }) => state({ reason: withoutUnseen(target.value) })}
      />
      <span id={`${id}-hint`} className="hint">
        {length > 0 && missing > 0
          ? `${missing} more ${missing === 1 ? 'character' : 'characters'}: a reason has at least ${shortest}`
          : length > 0 && letters < shortest / 2
            ? `A reason has at least ${Math.ceil(shortest / 2)} letters or digits`
            : `${shortest} to ${reason.longest} characters, for whoever reviews the access; no name of a child`}
      </span>
    </div>
  );
}
