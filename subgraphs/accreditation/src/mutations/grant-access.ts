import { randomUUID } from 'node:crypto';
import { isRole, type Role } from '@contactpoint/access/role';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import type { Account } from '../account.ts';
import { findAccountsByCertificate, lockAccount } from '../account-store.ts';
import { mayEmploy } from '../employment.ts';
import { agreementDateOf, certificateOf, nameOf, trainingDateOf, vettingDateOf } from '../evidence.ts';
import { keepHistory } from '../history.ts';
import type { Context } from '../practitioner.ts';
import { inTransaction, refuseOneself } from './change-account.ts';
import { organisationWithFreePlace } from './free-place.ts';

/** `GrantAccessInput` of the contract. */
interface GrantAccessInput {
  readonly name: string;
  readonly role: string;
  readonly organisationId: string;
  readonly vettingCertificate: string;
  readonly vettingIssuedOn: string;
  readonly trainingPassedOn: string;
  readonly agreementSignedOn: string;
}

/** What an account is granted on. */
interface Evidence {
  readonly name: string;
  readonly role: Role;
  readonly organisationId: string;
  readonly certificate: string;
  readonly vettingIssuedOn: string;
  readonly trainingPassedOn: string;
  readonly agreementSignedOn: string;
}

/**
 * Opens an account for somebody who meets every requirement today, in an organisation that has gone live, has a place
 * left, and is one that has such people.
 */
export async function grantAccess(
  _source: unknown,
  { input }: { readonly input: GrantAccessInput },
  context: Context,
): Promise<Account> {
  const at = context.clock();
  const evidence = readEvidence(input, at);

  return await inTransaction(context.store, async (transaction) => {
    const { sector, stage } = await organisationWithFreePlace(transaction, evidence.organisationId);
    if (stage !== 'PILOT' && stage !== 'LIVE')
      throw badArgument('organisationId', 'STATE', 'The organisation is neither in pilot nor live');
    if (!mayEmploy(sector, evidence.role))
      throw badArgument('role', 'UNFIT', 'The organisation has nobody in this role');
    await refuseSecondAccount(transaction, evidence, context);

    const id = `p-${randomUUID()}`;
    await insertAccount(transaction, id, evidence, at);
    const { name, ...detail } = evidence;
    await keepHistory(transaction, {
      act: 'GRANT',
      at,
      grant: context.grant,
      practitionerId: id,
      organisationId: evidence.organisationId,
      detail,
    });
    const account = await lockAccount(transaction, id);
    if (account === undefined) throw new Error('the account that was just opened is not there');
    return account;
  });
}

function readEvidence(input: GrantAccessInput, now: Date): Evidence {
  const { role, organisationId } = input;
  if (!isRole(role)) throw badArgument('role', 'UNKNOWN', 'There is no such role');
  return {
    name: nameOf(input.name, 'name'),
    role,
    organisationId,
    certificate: certificateOf(input.vettingCertificate, 'vettingCertificate'),
    vettingIssuedOn: vettingDateOf(input.vettingIssuedOn, now, 'vettingIssuedOn'),
    trainingPassedOn: trainingDateOf(input.trainingPassedOn, now, 'trainingPassedOn'),
    agreementSignedOn: agreementDateOf(input.agreementSignedOn, now, 'agreementSignedOn'),
  };
}

/**
 * A certificate names one person. An officer's own is theirs under any name, and somebody whose account was suspended
 * does not get another one: that would be a restoration without a reason.
 */
async function refuseSecondAccount(
  transaction: Store,
  { certificate, organisationId }: Evidence,
  context: Context,
): Promise<void> {
  for (const known of await findAccountsByCertificate(transaction, certificate)) {
    refuseOneself(context, known.id);
    if (known.organisationId === organisationId)
      throw badArgument('vettingCertificate', 'DUPLICATE', 'This person has an account there already');
    if (known.suspendedAt !== null)
      throw badArgument('vettingCertificate', 'STATE', 'An account of this person is suspended');
  }
}

async function insertAccount(transaction: Store, id: string, evidence: Evidence, at: Date): Promise<void> {
  await transaction`
    insert into practitioner (
      id, name, role, organisation_id, vetting_certificate, vetting_issued_on, training_passed_on,
      agreement_signed_on, granted_at
    ) values (
      ${id}, ${evidence.name}, ${evidence.role}, ${evidence.organisationId}, ${evidence.certificate},
      ${evidence.vettingIssuedOn}, ${evidence.trainingPassedOn}, ${evidence.agreementSignedOn}, ${at}
    )`;
}
