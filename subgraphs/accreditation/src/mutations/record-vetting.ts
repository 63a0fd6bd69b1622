import type { Account } from '../account.ts';
import { certificateOf, requireLater, vettingDateOf } from '../evidence.ts';
import type { Context } from '../practitioner.ts';
import { changeAccount, refuseOneself } from './change-account.ts';

/** Records an enhanced DBS certificate, which counts for 3 years. */
export async function recordVetting(
  _source: unknown,
  args: { readonly practitionerId: string; readonly certificate: string; readonly issuedOn: string },
  context: Context,
): Promise<Account> {
  const { practitionerId } = args;
  refuseOneself(context, practitionerId);
  const certificate = certificateOf(args.certificate, 'certificate');
  return await changeAccount(context, practitionerId, async (transaction, { vettingIssuedOn }, now) => {
    const issuedOn = vettingDateOf(args.issuedOn, now, 'issuedOn');
    requireLater(issuedOn, vettingIssuedOn, 'issuedOn');
    await transaction`
      update practitioner set vetting_certificate = ${certificate}, vetting_issued_on = ${issuedOn}
      where id = ${practitionerId}`;
    return { act: 'RECORD_VETTING', detail: { certificate, issuedOn } };
  });
}
