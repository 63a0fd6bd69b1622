import { UserManager } from 'oidc-client-ts';

/** The page in the window of a sign-in, or of a sign-out: hands what the provider said to the explorer, and closes. */
const users = new UserManager({ authority: window.location.origin, client_id: '-', redirect_uri: '-' });
users.signinPopupCallback().catch(() => {
  const said = document.getElementById('said');
  if (said !== null)
    said.textContent = 'There is no explorer to go back to. Close this window and sign in again.';
});
