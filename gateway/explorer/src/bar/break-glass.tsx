import { useId } from 'react';
import { useSettings } from '../settings/settings-context.ts';
import { useStatedAccess } from './stated-access.ts';

/** Break-glass, ready for the next operation and for no other. */
export function BreakGlass() {
  const { reason } = useSettings();
  const { stated, state } = useStatedAccess();
  const id = useId();
  return (
    <div className="field break-glass">
      <label>
        <input
          type="checkbox"
          checked={stated.breakGlass}
          aria-describedby={id}
          onChange={({ target }) => state({ breakGlass: target.checked })}
        />
        Break the glass with the next operation
      </label>
      <p id={id} className={stated.breakGlass ? 'warning' : 'hint'}>
        Opens what is sealed of the one child that the operation names, for an hour. It raises an alert at
        once, somebody reviews it within 72 hours, and an access that is found unjustified suspends your
        account. Say why in at least {reason.shortestOverride} characters.
      </p>
    </div>
  );
}
