import * as v from 'valibot';
import { WITHOUT_SECOND_FACTOR } from './access-token.ts';
import { PERSONA_GRANT } from './persona-grant.ts';
import { SHELL_CLIENT } from './provider.ts';

const TokenResponse = v.object({ access_token: v.string() });

/**
 * An access token of a persona, without a browser.
 *
 * @param url Base URL of the identity provider.
 * @param secondFactor False for a token that the gateway refuses.
 * @throws Error with the HTTP status; the driver's error when the provider is out of reach.
 */
export async function fetchPersonaToken(url: string, persona: string, secondFactor = true): Promise<string> {
  const response = await fetch(new URL('/token', url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: PERSONA_GRANT,
      client_id: SHELL_CLIENT,
      persona,
      ...(secondFactor ? {} : { amr: WITHOUT_SECOND_FACTOR.join(' ') }),
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return v.parse(TokenResponse, await response.json()).access_token;
}
