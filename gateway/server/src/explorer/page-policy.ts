/** Headers that every answer under `/explorer` carries. */
export const PAGE_HEADERS = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

/**
 * Content security policy of the explorer's pages: everything from this gateway, and requests to the identity provider
 * besides. Monaco writes the places of its lines as style attributes, which is what `style-src-attr` is for; style elements
 * need the nonce, and nothing is evaluated.
 *
 * @param nonce Of this one answer.
 * @see https://www.w3.org/TR/CSP3/
 */
export function contentSecurityPolicy(issuer: string, nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `style-src-elem 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "font-src 'self' data:",
    'img-src data:',
    `connect-src 'self' ${new URL(issuer).origin}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Of assets, a worker among them: whatever it is made to run, it reaches nobody. */
export const ASSET_POLICY = "default-src 'none'; frame-ancestors 'none'";
