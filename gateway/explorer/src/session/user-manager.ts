import { InMemoryWebStorage, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { ExplorerSettings } from '../settings/explorer-settings.ts';

/**
 * Authorization code with PKCE in a window of its own, so that what is on the page outlives the sign-in. Tokens and the
 * state of a sign-in lie in memory alone: both are gone with the page.
 */
export function createUserManager({ issuer, clientId }: ExplorerSettings): UserManager {
  const callback = new URL('/explorer/callback', window.location.origin).href;
  return new UserManager({
    authority: issuer,
    client_id: clientId,
    redirect_uri: callback,
    popup_redirect_uri: callback,
    popup_post_logout_redirect_uri: callback,
    scope: 'openid',
    loadUserInfo: false,
    automaticSilentRenew: false,
    monitorSession: false,
    userStore: inMemory(),
    stateStore: inMemory(),
    popupWindowFeatures: { width: 520, height: 760 },
  });
}

function inMemory(): WebStorageStateStore {
  return new WebStorageStateStore({ store: new InMemoryWebStorage() });
}
