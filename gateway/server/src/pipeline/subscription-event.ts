import { AccessError } from '@contactpoint/access/access-error';
import type { RootEvent } from '@contactpoint/executor/root-event';
import type { FactsCaller } from '../subgraphs/facts.ts';
import type { PlannedOperation } from './plan.ts';

/**
 * One event of a subscription, on its way into the pipeline: a request of its own that is authenticated, decided, recorded
 * and answered like every other one. Nobody but the subscription step makes one, and nobody outside can look into it.
 */
export class SubscriptionEvent {
  /** Whose subscription it is: known even where the token has expired since. */
  readonly practitionerId: string;
  readonly root: RootEvent;
  readonly #access: string;

  constructor(root: RootEvent, practitionerId: string, access: string) {
    this.root = root;
    this.practitionerId = practitionerId;
    this.#access = access;
  }

  /**
   * The stream was asked for in the name of a role, an organisation and a purpose, and for what they could read.
   *
   * @throws AccessError SUBSCRIPTION_OUTDATED where that has changed since.
   */
  refuseOutdated(access: string): void {
    if (access === this.#access) return;
    throw outdated();
  }
}

export function outdated(): AccessError {
  const message = 'What the account may read, or the schema, has changed: subscribe again';
  return new AccessError('SUBSCRIPTION_OUTDATED', message);
}

/**
 * What a stream was opened under, all that may not change while it is open; the facts of a child may.
 *
 * @param supergraph Its version.
 */
export function accessOfStream(
  { sub, role, sector, organisation, scopes, purpose, policySet }: FactsCaller,
  { refusals }: Pick<PlannedOperation, 'refusals'>,
  supergraph: string,
): string {
  const refused = [...refusals.refused].sort();
  return JSON.stringify([
    supergraph,
    sub,
    role,
    sector,
    organisation,
    [...scopes].sort(),
    purpose,
    policySet,
    refused,
  ]);
}
