import { AccessBar } from '../bar/access-bar.tsx';
import { useSession } from '../session/session.ts';
import { SessionEnded } from '../session/session-ended.tsx';
import { SessionMenu } from '../session/session-menu.tsx';
import { VIEWS } from '../views.tsx';
import { OpenViews } from './open-views.tsx';
import { ThemeSwitch } from './theme-switch.tsx';
import { useViewAddress } from './view-address.ts';

/** Everything that somebody who is signed in has before them. */
export function Page({
  problem,
  onSignIn,
}: {
  readonly problem: string | undefined;
  readonly onSignIn: () => void;
}) {
  const session = useSession();
  const address = useViewAddress();
  if (session === undefined) return null;
  const views = VIEWS.filter((view) => view.isFor(session));
  const shown = views.find(({ id }) => id === address) ?? views[0];
  return (
    <div className="page">
      <button type="button" className="skip" onClick={() => document.getElementById('view')?.focus()}>
        Skip to the work
      </button>
      <header className="masthead">
        <h1>ContactPoint explorer</h1>
        <nav aria-label="Views">
          {views.map(({ id, title, sentence }) => (
            <a
              key={id}
              href={`#/${id}`}
              title={sentence}
              aria-current={id === shown?.id ? 'page' : undefined}
            >
              {title}
            </a>
          ))}
        </nav>
        <ThemeSwitch />
        <SessionMenu />
      </header>
      <AccessBar />
      {session.ended ? <SessionEnded problem={problem} onSignIn={onSignIn} /> : null}
      <main id="view" tabIndex={-1}>
        {address !== '' && address !== shown?.id ? (
          <p className="notice" role="status">
            There is no page of that address for you. This is “{shown?.title}”.
          </p>
        ) : null}
        <OpenViews views={views} shown={shown?.id} />
      </main>
    </div>
  );
}
