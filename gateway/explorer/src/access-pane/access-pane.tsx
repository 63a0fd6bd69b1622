import { useCallback, useState } from 'react';
import { useAsk } from '../asking/ask.ts';
import { useShownAnswer } from '../graphiql/shown-answer.ts';
import { openInExplorer } from '../open-in-explorer.ts';
import { useSession } from '../session/session.ts';
import { EVENTS_OF, INCLUSION_PROOF } from './access-questions.ts';
import { type Proof, proveEvent } from './prove-event.ts';

/** Where the shown answer stands in the log and, for whoever may read it, the proof of that. */
export function AccessPane() {
  const ask = useAsk();
  const session = useSession();
  const { run } = useShownAnswer();
  const receipt = run?.answer.receipt;
  const mayRead = session?.scopes.includes('audit:read') === true;
  // All of them: few of an auditor's own name a child. Whoever wants these alone finds the word for it in the variables.
  const ofMine = { practitionerId: session?.practitioner.id, namesChild: null };
  const [given, setGiven] = useState('');
  const isOther = given.trim() !== '';
  // Never the shown answer's in the place of one that was mistyped.
  const asked = isOther ? receiptOf(given) : receipt;
  const [proved, setProved] = useState<{ readonly of: string; readonly proof: Proof | 'PROVING' }>();
  const key = `${asked?.origin} ${asked?.index}`;
  const proof = proved?.of === key ? proved.proof : undefined;
  const prove = useCallback(async () => {
    if (asked === undefined) return;
    setProved({ of: key, proof: 'PROVING' });
    setProved({ of: key, proof: await proveEvent(ask, asked, !isOther) });
  }, [ask, asked, key, isOther]);

  return (
    <section className="access-pane" aria-labelledby="access-pane-title">
      <h2 id="access-pane-title">Access</h2>
      {receipt === undefined ? (
        <p>Run an operation: its answer comes with the receipt of its access event.</p>
      ) : (
        <p>
          The answer that is shown is on record. Receipt:
          <code className="receipt">
            {receipt.origin} {receipt.index}
          </code>
        </p>
      )}
      {!mayRead && (
        <p>Auditors find the event by its receipt, and a child’s statement of access tells of it.</p>
      )}
      {mayRead && (
        <>
          {session !== undefined && (
            <button
              type="button"
              onClick={() => openInExplorer({ query: EVENTS_OF, variables: { filter: ofMine, after: null } })}
            >
              Open my events
            </button>
          )}
          <label>
            Another receipt{' '}
            <input
              value={given}
              placeholder="origin index"
              spellCheck={false}
              aria-invalid={isOther && asked === undefined}
              aria-describedby="another-receipt-hint"
              onChange={({ target }) => setGiven(target.value)}
            />
          </label>
          <p id="another-receipt-hint" className="hint" role="status">
            {isOther && asked === undefined
              ? 'This is no receipt: the origin of a log, a space, and the index of an event.'
              : ''}
          </p>
          <button
            type="button"
            disabled={asked === undefined || proof === 'PROVING'}
            onClick={() => void prove()}
          >
            Prove that it is in the log
          </button>
          {asked !== undefined && (
            <button
              type="button"
              className="link"
              onClick={() => openInExplorer({ query: INCLUSION_PROOF, variables: { ...asked } })}
            >
              Open the query behind it
            </button>
          )}
          <div role="status">
            {proof === 'PROVING' ? (
              <p>Looking for a checkpoint that covers it…</p>
            ) : (
              <ProofWords proof={proof} />
            )}
          </div>
        </>
      )}
    </section>
  );
}

/** `ORIGIN INDEX`, as `Access-Log` has it. */
function receiptOf(text: string) {
  const [, origin, index] = /^\s*(\S+)\s+(\d{1,18})\s*$/.exec(text) ?? [];
  return origin === undefined || index === undefined ? undefined : { origin, index };
}

function ProofWords({ proof }: { readonly proof: Proof | undefined }) {
  if (proof === undefined) return null;
  if (proof.state === 'ABSENT') return <p>{proof.words}</p>;
  if (proof.state === 'FAILED')
    return (
      <p className="failed">
        <strong>Not proven.</strong> {proof.words} <code>{proof.fault}</code> Keep what you see, and verify
        the exported log offline (docs/admins/verify-the-log.md).
      </p>
    );
  const { origin, index, size, leafHash } = proof.proven;
  return (
    <>
      <p className="proven">
        <strong>Proven.</strong> Leaf {index} of {origin} stands in the tree of {String(size)} leaves that the
        log signed. This browser checked the signature and every hash.
      </p>
      <dl>
        <dt>Leaf hash</dt>
        <dd>
          <code>{leafHash}</code>
        </dd>
        <dt>Signed checkpoint</dt>
        <dd>
          <pre>{proof.signedNote}</pre>
        </dd>
      </dl>
      <p className="hint">
        It proves that a leaf of this hash cannot be changed or taken out without breaking the signature. It
        does not prove what the leaf says, which only the exported log shows, nor that nobody else was shown
        another tree, which is what witnesses are for. The key is the gateway’s own,{' '}
        <a href="/explorer/audit-keys.txt">audit-keys.txt</a>: hold it against one that you were given by
        other means.
      </p>
    </>
  );
}
