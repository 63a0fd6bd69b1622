import type { User, UserManager } from 'oidc-client-ts';
import type { Refusal } from '../asking/answer.ts';
import { refusalWords } from '../asking/refusal-words.ts';
import type { RoleSettings } from '../settings/role-settings.ts';
import type { Practitioner } from './session.ts';
import { signInProblem } from './sign-in-problem.ts';

export type SessionState =
  | { readonly phase: 'signed-out'; readonly problem?: string }
  | { readonly phase: 'signing-in' }
  /** Signed in, and the gateway does not take the account. */
  | { readonly phase: 'refused'; readonly refusal: Refusal }
  | {
      readonly phase: 'open' | 'ended';
      readonly practitioner: Practitioner;
      readonly offered: RoleSettings;
      /** Milliseconds since the epoch. */
      readonly expiresAt: number;
      /** Why the page is still the former session's, where a sign-in in its place came to nothing. */
      readonly problem?: string;
    };

/** The one holder of the access token. */
export interface SessionKeeper {
  readonly state: SessionState;
  /** Undefined when nobody is signed in, and from the moment when the token's time is over. */
  token(): string | undefined;
  /** From a click: the browser would block the window otherwise. */
  signIn(): Promise<void>;
  signOut(): Promise<void>;
  /** The gateway does not take the token any more, whatever its time says. */
  end(): void;
  subscribe(listener: () => void): () => void;
}

export interface KeeperParts {
  readonly users: Pick<UserManager, 'signinPopup' | 'signoutPopup' | 'removeUser'>;
  /** Who the gateway says it is; the refusal where it takes them for nobody. */
  readonly whoIs: (token: string) => Promise<Practitioner | Refusal>;
  readonly offeredTo: (role: string | null) => Promise<RoleSettings>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export function createSessionKeeper({ users, whoIs, offeredTo, now }: KeeperParts): SessionKeeper {
  const listeners = new Set<() => void>();
  let state: SessionState = { phase: 'signed-out' };
  let token: { readonly value: string; readonly expiresAt: number } | undefined;
  let watch: ReturnType<typeof setInterval> | undefined;

  const become = (next: SessionState) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const end = () => {
    token = undefined;
    clearInterval(watch);
    if (state.phase === 'open') become({ ...state, phase: 'ended' });
  };
  const begin = async (user: User, before: SessionState) => {
    const answer = await whoIs(user.access_token);
    if ('code' in answer) {
      // In the middle of somebody's work the page stays as it is.
      if (before.phase === 'ended') become({ ...before, problem: refusalWords(answer) });
      else become({ phase: 'refused', refusal: answer });
      return;
    }
    const offered = await offeredTo(answer.role);
    const expiresAt = (user.expires_at ?? 0) * 1_000;
    token = { value: user.access_token, expiresAt };
    clearInterval(watch);
    // Looked at again and again: a timer that is set for then sleeps while the machine does.
    watch = setInterval(() => {
      if (now() >= expiresAt) end();
    }, 1_000);
    become({ phase: 'open', practitioner: answer, offered, expiresAt });
  };

  return {
    get state() {
      return state;
    },
    token: () => (token !== undefined && token.expiresAt > now() ? token.value : undefined),
    end,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async signIn() {
      const before = state;
      if (before.phase !== 'ended') become({ phase: 'signing-in' });
      try {
        await begin(await users.signinPopup({ popupAbortOnClose: true }), before);
      } catch (cause) {
        const problem = signInProblem(cause);
        become(before.phase === 'ended' ? { ...before, problem } : { phase: 'signed-out', problem });
      }
    },
    async signOut() {
      token = undefined;
      clearInterval(watch);
      become({ phase: 'signed-out' });
      // Of the provider's window nothing depends: whoever closes it is signed out here all the same.
      await users.signoutPopup().catch(() => {});
      await users.removeUser();
    },
  };
}
