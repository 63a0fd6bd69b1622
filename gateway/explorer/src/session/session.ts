import { createContext, useContext } from 'react';
import type { RoleSettings } from '../settings/role-settings.ts';

/** Who is signed in, as accreditation knows them. */
export interface Practitioner {
  readonly id: string;
  readonly name: string | null;
  readonly role: string | null;
  readonly organisation: { readonly id: string; readonly name: string | null } | null;
}

/** What views know of the session. The token is not among it. */
export interface Session {
  readonly practitioner: Practitioner;
  readonly scopes: readonly string[];
  /** By code, of the purposes that open anything to the role. */
  readonly purposes: RoleSettings['purposes'];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** Its time is over, or the gateway said so: what is on the page stays, and nothing can be asked. */
  readonly ended: boolean;
  /** Forgets the token at once, then ends the session at the provider. */
  signOut(): void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** Undefined where nobody is signed in. */
export function useSession(): Session | undefined {
  return useContext(SessionContext);
}
