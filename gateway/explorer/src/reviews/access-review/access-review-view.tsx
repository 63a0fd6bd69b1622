import { useState } from 'react';
import { useAnswer } from '../../asking/use-answer.ts';
import { openInExplorer } from '../../open-in-explorer.ts';
import { useSession } from '../../session/session.ts';
import { type Done, DoneList } from '../done-list.tsx';
import { useDeciding } from '../use-deciding.ts';
import type { Account } from './account.ts';
import { ChangeDialog } from './change-dialog.tsx';
import type { Change } from './changes.ts';
import { ChooseOrganisation } from './choose-organisation.tsx';
import { GrantDialog } from './grant-dialog.tsx';
import { OneAccount } from './one-account.tsx';
import type { Organisation } from './organisation.ts';
import { REVIEW } from './queries.ts';
import { ReviewedOrganisation } from './reviewed-organisation.tsx';
import '../reviews.css';

/** What is being decided: a change of an account, or a new one in an organisation. */
type Matter =
  | { readonly change: Change; readonly account: Account }
  | { readonly organisation: Organisation };

/** An organisation's access review, from finding accounts to deciding on them. */
export default function AccessReviewView() {
  const session = useSession();
  const [organisationId, setOrganisation] = useState<string>();
  const [withinDays, setWithinDays] = useState(30);
  const deciding = useDeciding<Matter>();
  const [done, setDone] = useState<readonly Done[]>([]);
  const operation =
    organisationId === undefined ? undefined : { query: REVIEW, variables: { organisationId, withinDays } };
  const asked = useAnswer(operation);
  const mayWrite = session?.scopes.includes('accreditation:write') === true;
  const decide = (change: Change, account: Account) => deciding.begin({ change, account });
  const grant = (organisation: Organisation) => deciding.begin({ organisation });
  const { matter, interruptions } = deciding;
  const dialog = (about: Matter) => ({
    interruptions,
    onLeave: () => deciding.end(about),
    onDone: (what: Done) => {
      deciding.end(about);
      setDone((before) => [...before, what]);
      void asked.again();
    },
  });
  return (
    <div className="review">
      <h2>Access review</h2>
      <p className="hint">
        Accounts that are dormant, whose training or DBS certificate has lapsed or soon will, and
        organisations beyond their quota.{' '}
        {mayWrite ? null : 'You may look; an accreditation officer decides.'}
      </p>
      <ChooseOrganisation
        chosen={organisationId}
        withinDays={withinDays}
        onChoose={setOrganisation}
        onWithinDays={setWithinDays}
      />
      <DoneList done={done} />
      {operation === undefined ? null : (
        <>
          <ReviewedOrganisation asked={asked} onChange={decide} onGrant={mayWrite ? grant : undefined} />
          <p className="actions">
            <button type="button" onClick={() => openInExplorer(operation)}>
              Open the query<span className="spoken"> behind the review</span>
            </button>
            <button type="button" disabled={asked.isAsking} onClick={() => void asked.again()}>
              Ask again
            </button>
          </p>
        </>
      )}
      <OneAccount onChange={decide} changes={done.length} />
      {matter === undefined ? null : 'organisation' in matter ? (
        <GrantDialog {...matter} {...dialog(matter)} />
      ) : (
        <ChangeDialog {...matter} {...dialog(matter)} />
      )}
    </div>
  );
}
