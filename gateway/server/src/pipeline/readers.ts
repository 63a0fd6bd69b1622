import { AccessError } from '@contactpoint/access/access-error';
import type { Principal } from '@contactpoint/access/principal';
import type { LastUse } from '../subgraphs/last-use.ts';
import type { Principals } from '../subgraphs/principals.ts';
import { authenticate, type TokenVerifier } from './authenticate.ts';
import type { ParsedOperation } from './parse.ts';
import { readOverride } from './purpose-of-use.ts';
import type { Trail } from './trail.ts';

/** Who reads, and by whose rights. */
export interface Readers {
  /** Whose relationships and records count; the caller, or the colleague for whom the caller reads. */
  readonly principal: Principal;
  /** The caller, who reads for the colleague and is shown no more than both may read; undefined for one's own reading. */
  readonly mediator: Principal | undefined;
}

/**
 * Authenticate step for everyone whom the request names. The caller is looked at first, and nothing of a colleague is
 * looked at for a caller who may not use the system.
 *
 * @param trail Told who they are, as soon as that is certain.
 * @param onQuestion Told the `jti` of each question, before it is sent.
 * @throws AccessError UNAUTHENTICATED, ACCREDITATION_LAPSED of either of the two; BAD_REQUEST where they are one person;
 *   UNAUTHORIZED_FIELD_OR_TYPE for break-glass on somebody's behalf; ACCESS_UNDECIDED.
 */
export async function identifyReaders(
  parts: { readonly tokens: TokenVerifier; readonly principals: Principals; readonly lastUse: LastUse },
  trail: Trail,
  onQuestion: (jti: string) => void,
): Promise<Readers> {
  const { authorization, onBehalfOf, override } = trail.request.headers;
  const token = await parts.tokens.verify(authorization, trail.at);
  trail.practitionerId = token.practitionerId;
  trail.expiresAt = token.expiresAt;
  if (token.clientId !== undefined) trail.clientId = token.clientId;
  const caller = await authenticate(parts.principals, token, trail.evt, trail.at, onQuestion);
  trail.principal = caller.principal;
  if (caller.lapsed !== undefined) throw caller.lapsed;
  parts.lastUse.note(caller.principal.practitionerId, trail.at);
  if (onBehalfOf === undefined) return { principal: caller.principal, mediator: undefined };

  if (readOverride(override)) throw notForOthers('Nobody breaks the glass on behalf of somebody else');
  const colleague = await parts.tokens.verify(`Bearer ${onBehalfOf.trim()}`, trail.at);
  if (colleague.practitionerId === token.practitionerId)
    throw new AccessError('BAD_REQUEST', 'On-Behalf-Of names the caller');
  const found = await authenticate(parts.principals, colleague, trail.evt, trail.at, onQuestion);
  trail.practitionerId = colleague.practitionerId;
  trail.mediatorId = token.practitionerId;
  trail.principal = found.principal;
  if (found.lapsed !== undefined) throw found.lapsed;
  return { principal: found.principal, mediator: caller.principal };
}

/**
 * An involvement, a shield or a review is one's own: on somebody's behalf a caller reads, and does nothing else.
 *
 * @throws AccessError UNAUTHORIZED_FIELD_OR_TYPE, reason POLICY.
 */
export function refuseDeedsForOthers({ mediator }: Readers, { operation }: ParsedOperation): void {
  if (mediator !== undefined && operation.operation !== 'query')
    throw notForOthers('On behalf of somebody else a caller only reads');
}

/** Scopes that all of them hold. */
export function scopesOfBoth({ principal, mediator }: Readers): readonly string[] {
  if (mediator === undefined) return principal.scopes;
  return principal.scopes.filter((scope) => mediator.scopes.includes(scope));
}

function notForOthers(message: string): AccessError {
  return new AccessError('UNAUTHORIZED_FIELD_OR_TYPE', message, { extensions: { reason: 'POLICY' } });
}
