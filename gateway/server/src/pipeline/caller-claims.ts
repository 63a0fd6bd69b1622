import type { Principal } from '@contactpoint/access/principal';
import type { PurposeOfUse } from '@contactpoint/access/purpose';
import type { FactsCaller } from '../subgraphs/facts.ts';
import { type Readers, scopesOfBoth } from './readers.ts';

/**
 * What every grant says of one of those who read. The practitioner's names the mediator: `act` (RFC 8693 §4.1). The
 * mediator's own, under which facts are asked for, names nobody else.
 *
 * @param evt Digest of the access event.
 * @param purpose Undefined where the operation touches no subject.
 */
export function callerClaims(
  { practitionerId: sub, role, sector, organisationId }: Principal,
  readers: Readers,
  request: {
    readonly evt: string;
    readonly purpose: PurposeOfUse | undefined;
    readonly policySet: string;
  },
): FactsCaller {
  const mediatorId = readers.mediator?.practitionerId;
  return {
    evt: request.evt,
    sub,
    ...(mediatorId === undefined || mediatorId === sub ? {} : { act: mediatorId }),
    role,
    sector,
    organisation: organisationId,
    scopes: scopesOfBoth(readers),
    ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
    override: false,
    policySet: request.policySet,
  };
}
