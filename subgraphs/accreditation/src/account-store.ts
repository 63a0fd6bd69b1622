import type { Store } from '@contactpoint/subgraph-kit/store';
import type { Account } from './account.ts';

/** Accounts of these practitioners, in no particular order; unknown ones are left out. */
export async function findAccounts(store: Store, ids: readonly string[]): Promise<Account[]> {
  return await store<Account[]>`${selectAccount(store)} where p.id = any(${ids as string[]})`;
}

export async function findAccountsOf(store: Store, organisationId: string): Promise<Account[]> {
  return await store<
    Account[]
  >`${selectAccount(store)} where p.organisation_id = ${organisationId} order by p.id`;
}

/** The account, held until the transaction ends: two officers who decide on it take turns. */
export async function lockAccount(transaction: Store, id: string): Promise<Account | undefined> {
  const [account] = await transaction<Account[]>`
    ${selectAccount(transaction)} where p.id = ${id} for update of p`;
  return account;
}

/**
 * Accounts that have this certificate, however a feed wrote it.
 *
 * @param certificate As `certificateOf` writes it: capitals, no blanks.
 */
export async function findAccountsByCertificate(store: Store, certificate: string): Promise<Account[]> {
  return await store<Account[]>`
    ${selectAccount(store)}
    where upper(regexp_replace(p.vetting_certificate, '\\s', '', 'g')) = ${certificate}`;
}

function selectAccount(store: Store) {
  return store`
    select
      p.id, p.name, p.role,
      p.organisation_id as "organisationId",
      o.stage as "organisationStage",
      p.vetting_certificate as "vettingCertificate",
      p.vetting_issued_on as "vettingIssuedOn",
      p.training_passed_on as "trainingPassedOn",
      p.agreement_signed_on as "agreementSignedOn",
      p.last_used_at as "lastUsedAt",
      p.suspended_at as "suspendedAt",
      p.active_since as "activeSince"
    from practitioner p join organisation o on o.id = p.organisation_id`;
}
