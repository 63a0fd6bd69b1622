import { RemainingTime } from './remaining-time.tsx';
import { useSession } from './session.ts';

/** Who is signed in, for how long still, and the way out. */
export function SessionMenu() {
  const session = useSession();
  if (session === undefined) return null;
  const { practitioner, expiresAt, ended, signOut } = session;
  return (
    <div className="session">
      <p>
        <strong>{practitioner.name ?? practitioner.id}</strong>
        <RemainingTime expiresAt={expiresAt} ended={ended} />
      </p>
      <button type="button" onClick={signOut}>
        Sign out
      </button>
    </div>
  );
}
