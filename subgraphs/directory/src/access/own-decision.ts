import { londonDate } from '@contactpoint/access/calendar-date';
import type { Decision, WithheldReason } from '@contactpoint/access/decision';
import { type Facts, NO_FACTS } from '@contactpoint/access/facts';
import { decoyNumber } from '@contactpoint/access/subject-number';
import { SubgraphError } from '@contactpoint/subgraph-kit/subgraph-error';
import DataLoader from 'dataloader';
import type { DirectoryContext } from '../loaders.ts';
import { decide } from './decider.ts';
import { loadFacts } from './load-facts.ts';
import { isSilent } from './released.ts';

/** A child with what the directory itself lets the caller read of it. */
export interface DecidedChild {
  readonly id: string;
  readonly decision: Decision;
  /** False for a number that nobody has: it has nothing, in the time that it takes to have something. */
  readonly known: boolean;
}

/** What the directory found out for one operation about one child, whether or not there is such a child. */
export interface Finding {
  readonly facts: Facts;
  readonly decision: Decision;
  /** A number that nobody has: its rows are read where those of the child are denied in silence. */
  readonly decoy: string;
}

const findings = new WeakMap<DirectoryContext, DataLoader<string, Finding>>();

/**
 * Facts and decision for one child and this operation's caller; those of many children go to the store together.
 *
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE, reason PURPOSE, for an operation without a purpose.
 */
export async function findingFor(context: DirectoryContext, childId: string): Promise<Finding> {
  return await findingsOf(context).load(childId);
}

/** Forgets what was found about a child, because a mutation has just changed it. */
export function forgetFinding(context: DirectoryContext, childId: string): void {
  findingsOf(context).clear(childId);
}

/**
 * Decision on facts that are not looked up: what the caller's role and purpose would give for such a child.
 *
 * @param facts Facts of an unrelated child by default.
 * @param childId Child whose facts they are. Break-glass is for the children that the grant names, and for no other one
 *   that comes through the same door.
 */
export function decideOn(
  { grant }: DirectoryContext,
  facts: Facts = NO_FACTS,
  childId: string | undefined = undefined,
): Decision {
  if (grant.purpose === undefined) throw refusal('PURPOSE');
  const override = grant.override && childId !== undefined && Object.hasOwn(grant.children, childId);
  return decide({ role: grant.role, sector: grant.sector }, grant.purpose, override, facts);
}

/**
 * The step of every door that names one child.
 *
 * @throws SubgraphError UNAUTHORIZED_FIELD_OR_TYPE with the decision's reason, when the caller may not know the identity.
 */
export function requireIdentity(decision: Decision): void {
  const { level, reason } = decision.of('DIRECTORY', 'IDENTITY');
  if (level !== 'FULL') throw refusal(reason ?? 'RELATIONSHIP');
}

/** Opens the door: the resolvers below may run for this child as far as the decision goes. */
export function openDoor(context: DirectoryContext, childId: string, decision: Decision): DecidedChild {
  context.grantChild(childId, decision.grantFor('DIRECTORY'));
  context.feignChild(childId, (sensitivity) => isSilent(decision, sensitivity));
  return { id: childId, decision, known: true };
}

export function refusal(reason: WithheldReason): SubgraphError {
  return new SubgraphError('UNAUTHORIZED_FIELD_OR_TYPE', 'You may not read this', { reason });
}

function findingsOf(context: DirectoryContext): DataLoader<string, Finding> {
  const known = findings.get(context);
  if (known !== undefined) return known;
  const { grant, store, clock } = context;
  const loader = new DataLoader<string, Finding>(
    async (childIds) => {
      const question = {
        practitionerId: grant.sub,
        organisationId: grant.organisation,
        sector: grant.sector,
        children: childIds,
      };
      const [answers] = await loadFacts(store, [question], londonDate(clock()));
      return childIds.map((childId) => {
        const facts = answers?.get(childId) ?? NO_FACTS;
        return { facts, decision: decideOn(context, facts, childId), decoy: decoyNumber() };
      });
    },
    { maxBatchSize: 500, name: 'findings' },
  );
  findings.set(context, loader);
  return loader;
}
