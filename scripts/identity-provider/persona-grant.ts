import { errors, type Provider } from 'oidc-provider';
import { findPersona, PERSONAS, practitionerIdOf } from '../personas.ts';
import { gatewayResource, WITH_SECOND_FACTOR } from './access-token.ts';

/** Grant type by which the shell gets a persona's token without a browser. */
export const PERSONA_GRANT = 'urn:contactpoint:persona';

interface PersonaParameters {
  readonly persona?: string;
  /** Authentication methods, separated by blanks; `pwd mfa` when left out. */
  readonly amr?: string;
}

/**
 * `POST /token` with `grant_type=urn:contactpoint:persona&client_id=contactpoint-shell&persona=NAME`. Nobody proves
 * anything here, which is why this provider listens on loopback alone and never in production.
 */
export function registerPersonaGrant(provider: Provider, audience: string): void {
  provider.registerGrantType<PersonaParameters>(
    PERSONA_GRANT,
    async (context) => {
      const { client, params } = context.oidc;
      const persona = findPersona(params.persona ?? '');
      if (persona === undefined) {
        throw new errors.InvalidRequest(
          `persona must be one of ${PERSONAS.map(({ name }) => name).join(' ')}`,
        );
      }

      const token = new provider.AccessToken({
        accountId: practitionerIdOf(persona.name),
        client,
        resourceServer: new provider.ResourceServer(audience, gatewayResource(audience)),
        extra: {
          amr: params.amr?.split(' ') ?? WITH_SECOND_FACTOR,
          auth_time: Math.floor(Date.now() / 1000),
        },
        // Nothing to revoke: the token is a JWT that nobody keeps.
        grantId: PERSONA_GRANT,
        gty: PERSONA_GRANT,
      });
      context.body = {
        access_token: await token.save(),
        token_type: token.tokenType,
        expires_in: token.expiration,
      };
    },
    ['persona', 'amr'],
  );
}
