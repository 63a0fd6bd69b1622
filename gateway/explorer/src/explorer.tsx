import { useMemo, useState, useSyncExternalStore } from 'react';
import { AskContext, createAsk } from './asking/ask.ts';
import { refusalWords } from './asking/refusal-words.ts';
import { whoIs } from './asking/who-is.ts';
import { NOTHING_STATED, type StatedAccess, StatedAccessContext } from './bar/stated-access.ts';
import { Page } from './layout/page.tsx';
import { SessionContext } from './session/session.ts';
import { createSessionKeeper, type SessionKeeper, type SessionState } from './session/session-keeper.ts';
import { SignedOut } from './session/signed-out.tsx';
import { createUserManager } from './session/user-manager.ts';
import type { ExplorerSettings } from './settings/explorer-settings.ts';
import { fetchRoleSettings } from './settings/role-settings.ts';
import { SettingsContext } from './settings/settings-context.ts';

/** The whole page: who signs in, and once somebody is, their work. */
export function Explorer({ settings }: { readonly settings: ExplorerSettings }) {
  const keeper = useMemo(
    () =>
      createSessionKeeper({
        users: createUserManager(settings),
        whoIs,
        offeredTo: fetchRoleSettings,
        now: () => Date.now(),
      }),
    [settings],
  );
  const state = useSyncExternalStore(keeper.subscribe, () => keeper.state);
  return (
    <SettingsContext value={settings}>
      {state.phase === 'open' || state.phase === 'ended' ? (
        // Another person begins with an empty page.
        <Work key={state.practitioner.id} keeper={keeper} state={state} />
      ) : (
        <SignedOut
          isWaiting={state.phase === 'signing-in'}
          problem={
            state.phase === 'refused'
              ? refusalWords(state.refusal)
              : state.phase === 'signed-out'
                ? state.problem
                : undefined
          }
          onSignIn={() => void keeper.signIn()}
        />
      )}
    </SettingsContext>
  );
}

type OpenState = Extract<SessionState, { readonly phase: 'open' | 'ended' }>;

/** What belongs to one person's session: gone with it, and kept while they sign in again. */
function Work({ keeper, state }: { readonly keeper: SessionKeeper; readonly state: OpenState }) {
  const [stated, setStated] = useState(NOTHING_STATED);
  const [latest] = useState({ stated });
  latest.stated = stated;
  const change = useMemo(
    () => (changed: Partial<StatedAccess>) => setStated((before) => ({ ...before, ...changed })),
    [],
  );
  const ask = useMemo(
    () =>
      createAsk({
        token: keeper.token,
        access: () => latest.stated,
        onBrokenGlass: () => change({ breakGlass: false }),
        onUnauthenticated: keeper.end,
      }),
    [keeper, latest, change],
  );
  const session = useMemo(
    () => ({
      practitioner: state.practitioner,
      ...state.offered,
      expiresAt: state.expiresAt,
      ended: state.phase === 'ended',
      signOut: () => void keeper.signOut(),
    }),
    [state, keeper],
  );
  const statedAccess = useMemo(() => ({ stated, state: change }), [stated, change]);
  return (
    <SessionContext value={session}>
      <StatedAccessContext value={statedAccess}>
        <AskContext value={ask}>
          <Page problem={state.problem} onSignIn={() => void keeper.signIn()} />
        </AskContext>
      </StatedAccessContext>
    </SessionContext>
  );
}
