import { useEffect } from 'react';
import { ThemeSwitch } from '../layout/theme-switch.tsx';

/** The page of whoever is not signed in. */
export function SignedOut({
  isWaiting,
  problem,
  onSignIn,
}: {
  readonly isWaiting: boolean;
  readonly problem: string | undefined;
  readonly onSignIn: () => void;
}) {
  // While somebody signs in there is time to fetch the largest part of the page.
  useEffect(() => void import('../graphiql/graphiql-view.tsx').catch(() => {}), []);
  return (
    <div className="signed-out">
      <main>
        <h1>ContactPoint explorer</h1>
        <p>
          Ask what education, health and social care hold on a child, review accounts, and look at who looked.
          Every question goes the same way as any other: it needs a purpose, and it is recorded.
        </p>
        {problem === undefined ? null : <p role="alert">{problem}</p>}
        <button type="button" className="primary" onClick={onSignIn} disabled={isWaiting}>
          {isWaiting ? 'Signing in …' : 'Sign in'}
        </button>
        <p className="hint">
          You sign in at your identity provider, in a window of its own. The session lives in this page alone
          and ends with it.
        </p>
        <ThemeSwitch />
      </main>
    </div>
  );
}
