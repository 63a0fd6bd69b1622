import { openInExplorer } from '../open-in-explorer.ts';
import { PROOF } from '../ready-operations/audit.ts';
import { useSession } from '../session/session.ts';
import type { Answer } from './answer.ts';

/** Where in the log an operation stands. Who may ask the log gets the proof of it. */
export function ReceiptLine({ receipt }: { readonly receipt: Answer['receipt'] }) {
  const session = useSession();
  if (receipt === undefined) return null;
  const mayAsk = session?.scopes.includes('audit:read') === true;
  return (
    <span className="receipt">
      Recorded as{' '}
      <code>
        {receipt.origin} {receipt.index}
      </code>
      {mayAsk ? (
        <button
          type="button"
          className="behind"
          onClick={() => openInExplorer({ query: PROOF.query, variables: { ...receipt } })}
        >
          Open its proof
        </button>
      ) : null}
    </span>
  );
}
