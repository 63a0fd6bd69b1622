import { randomBytes } from 'node:crypto';
import {
  type Configuration,
  errors,
  interactionPolicy,
  type KoaContextWithOIDC,
  Provider,
} from 'oidc-provider';
import { PERSONAS, practitionerIdOf } from '../personas.ts';
import { ACCESS_TOKEN_LIFETIME, claimsOfSignIn, gatewayResource } from './access-token.ts';
import { createMemoryAdapter } from './memory-adapter.ts';
import { PERSONA_GRANT, registerPersonaGrant } from './persona-grant.ts';
import { SIGN_IN_PATH } from './sign-in.ts';
import { messagePage, signOutPage } from './sign-in-page.ts';
import { SIGNING_ALGORITHM, type SigningKeys } from './signing-keys.ts';

/** Public client of browsers: authorization code with PKCE. */
export const EXPLORER_CLIENT = 'contactpoint-explorer';

/** Public client of the shell: persona tokens without a browser. It has no redirect, so no web page may use it. */
export const SHELL_CLIENT = 'contactpoint-shell';

export interface ProviderSetup {
  /** `aud` of access tokens. */
  readonly audience: string;
  readonly keys: SigningKeys;
  readonly redirectUris: readonly string[];
}

const HOUR = 3600;

/**
 * An OpenID provider whose users are the personas. Whatever the gateway needs of it, any OpenID provider gives: an
 * issuer, a JWKS, and access tokens as RFC 9068 has them with `sub`, `amr` and `auth_time`.
 */
export function createProvider(issuer: string, setup: ProviderSetup): Provider {
  const provider = new Provider(issuer, configure(setup));
  registerPersonaGrant(provider, setup.audience);
  return provider;
}

function configure({ audience, keys, redirectUris }: ProviderSetup): Configuration {
  const origins = new Set(redirectUris.map((uri) => new URL(uri).origin));
  const accounts = new Set(PERSONAS.map(({ name }) => practitionerIdOf(name)));

  return {
    adapter: createMemoryAdapter(),
    jwks: keys,
    // Sessions live in memory, so that cookies signed before a restart are worth nothing anyway.
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    clients: [
      {
        client_id: EXPLORER_CLIENT,
        redirect_uris: [...redirectUris],
        post_logout_redirect_uris: [...redirectUris],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
      {
        client_id: SHELL_CLIENT,
        redirect_uris: [],
        grant_types: [PERSONA_GRANT],
        response_types: [],
        token_endpoint_auth_method: 'none',
      },
    ],
    clientDefaults: { id_token_signed_response_alg: SIGNING_ALGORITHM },
    enabledJWA: { idTokenSigningAlgValues: [SIGNING_ALGORITHM] },
    scopes: ['openid'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientBasedCORS: (_context, origin, client) => client.clientId === EXPLORER_CLIENT && origins.has(origin),
    findAccount: (_context, id) =>
      accounts.has(id) ? { accountId: id, claims: () => ({ sub: id }) } : undefined,
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource(context, form) {
          context.body = signOutPage(form);
        },
        postLogoutSuccessSource(context) {
          context.body = messagePage('Signed out', 'The session at this identity provider has ended.');
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => audience,
        useGrantedResource: () => true,
        getResourceServerInfo(_context, resource) {
          if (resource !== audience) throw new errors.InvalidTarget();
          return gatewayResource(audience);
        },
      },
    },
    interactions: { url: (_context, { uid }) => `${SIGN_IN_PATH}${uid}`, policy: askWhoTheyAre() },
    loadExistingGrant: (context) => grantWithoutAsking(context, audience),
    extraTokenClaims: claimsOfSignIn,
    renderError(context, { error, error_description: description }) {
      context.type = 'html';
      context.body = messagePage('This sign-in did not work', description ?? error);
    },
    ttl: {
      AccessToken: ACCESS_TOKEN_LIFETIME,
      AuthorizationCode: 60,
      Grant: 8 * HOUR,
      IdToken: ACCESS_TOKEN_LIFETIME,
      Interaction: HOUR,
      Session: 8 * HOUR,
    },
  };
}

/**
 * The list of personas is shown at every sign-in, also to a browser that has a session: changing who one is, is what
 * developers come here for. `prompt=none` renews silently as usual.
 */
function askWhoTheyAre(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base();
  policy.get('login')?.checks.add(
    new interactionPolicy.Check('persona_choice', 'a persona is chosen at every sign-in', ({ oidc }) => {
      const asked = oidc.result?.login !== undefined || oidc.prompts.has('none');
      return asked ? interactionPolicy.Check.NO_NEED_TO_PROMPT : interactionPolicy.Check.REQUEST_PROMPT;
    }),
  );
  return policy;
}

/** Instead of a consent page: the only client belongs to the system itself. */
async function grantWithoutAsking({ oidc }: KoaContextWithOIDC, audience: string) {
  const { client, session } = oidc;
  if (client === undefined || session?.accountId === undefined) return undefined;
  const grant = new oidc.provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(audience, '');
  await grant.save();
  return grant;
}
