import { useId } from 'react';
import { useSession } from '../session/session.ts';
import { useSettings } from '../settings/settings-context.ts';
import { BreakGlass } from './break-glass.tsx';
import { ReasonField } from './reason-field.tsx';
import { useStatedAccess } from './stated-access.ts';

/** As whom, from where, what for and why: what every access of this page says of itself. */
export function AccessBar() {
  const session = useSession();
  const { purposes } = useSettings();
  const { stated, state } = useStatedAccess();
  const id = useId();
  if (session === undefined) return null;
  const { role, organisation } = session.practitioner;
  const given = session.purposes;
  const codes = Object.keys(purposes);
  const [offered, others] = [codes.filter((code) => code in given), codes.filter((code) => !(code in given))];
  const option = (code: string) => (
    <option key={code} value={code}>
      {code} – {purposes[code]}
    </option>
  );
  return (
    <section className="access-bar" aria-label="Access">
      <dl>
        <dt>Role</dt>
        <dd>{role ?? 'none'}</dd>
        <dt>Organisation</dt>
        <dd>{organisation?.name ?? organisation?.id ?? 'none'}</dd>
      </dl>
      <div className="field purpose">
        <label htmlFor={id}>Purpose of use</label>
        <select
          id={id}
          value={stated.purpose}
          onChange={({ target }) => state({ purpose: target.value, breakGlass: false })}
        >
          <option value="">None stated</option>
          {offered.length === 0 ? null : <optgroup label="Of your role">{offered.map(option)}</optgroup>}
          <optgroup label="Others, which open nothing to it">{others.map(option)}</optgroup>
        </select>
      </div>
      <ReasonField />
      {given[stated.purpose]?.breakGlass === true ? <BreakGlass /> : null}
    </section>
  );
}
