import { useState } from 'react';
import { useSession } from '../session/session.ts';
import { AccessesByDay, AccessesByOrganisation, type Days, WithheldByReason } from './access-figures.tsx';
import { Agencies } from './agencies.tsx';
import { Alerts } from './alerts.tsx';
import { ChooseDays } from './choose-days.tsx';
import { daysAgo } from './days.ts';
import { Organisations } from './organisations.tsx';
import './oversight.css';

/** For those who look rather than query: whatever of it the account may ask for. */
export default function OversightView() {
  const session = useSession();
  const [now] = useState(Date.now);
  const [days, setDays] = useState<Days>({ from: daysAgo(28, now), to: daysAgo(1, now) });
  const may = (scope: string) => session?.scopes.includes(scope) === true;
  return (
    <div className="oversight">
      <h2>Oversight</h2>
      {may('oversight:figures') ? (
        <>
          <ChooseDays days={days} onChoose={setDays} />
          <p className="hint">
            No number stands on fewer than five accesses or fewer than five children: what would is counted
            together with others. Days are those of London.
          </p>
        </>
      ) : null}
      <div className="figures">
        {may('oversight:figures') ? (
          <>
            <AccessesByDay {...days} />
            <AccessesByOrganisation {...days} />
            <WithheldByReason {...days} />
            <Agencies />
          </>
        ) : null}
        {may('audit:read') ? <Alerts /> : null}
        {may('accreditation:read') ? <Organisations /> : null}
      </div>
    </div>
  );
}
