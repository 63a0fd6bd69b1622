/** What to tell who could not sign in. Codes of RFC 6749 §4.1.2.1, and the sentences of oidc-client-ts. */
export function signInProblem(cause: unknown): string {
  const { message = '', error } = (cause ?? {}) as { readonly message?: string; readonly error?: string };
  if (error === 'access_denied') return 'The sign-in was cancelled.';
  if (message.includes('disposed window'))
    return 'The browser blocked the window of the sign-in. Allow pop-ups for this page, then try again.';
  if (message.startsWith('Popup')) return 'The window of the sign-in was closed before it was done.';
  if (message.includes('fetch')) return 'The identity provider cannot be reached. Try again in a while.';
  return 'The sign-in did not work. Try again.';
}
