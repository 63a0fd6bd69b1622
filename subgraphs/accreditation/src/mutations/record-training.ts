import type { Account } from '../account.ts';
import { nameOf, requireLater, trainingDateOf } from '../evidence.ts';
import type { Context } from '../practitioner.ts';
import { changeAccount, refuseOneself } from './change-account.ts';

/** Records refresher training, which counts for 12 months. */
export async function recordTraining(
  _source: unknown,
  args: { readonly practitionerId: string; readonly course: string; readonly passedOn: string },
  context: Context,
): Promise<Account> {
  const { practitionerId } = args;
  refuseOneself(context, practitionerId);
  const course = nameOf(args.course, 'course');
  return await changeAccount(context, practitionerId, async (transaction, { trainingPassedOn }, now) => {
    const passedOn = trainingDateOf(args.passedOn, now, 'passedOn');
    requireLater(passedOn, trainingPassedOn, 'passedOn');
    await transaction`
      update practitioner set training_course = ${course}, training_passed_on = ${passedOn}
      where id = ${practitionerId}`;
    return { act: 'RECORD_TRAINING', detail: { course, passedOn } };
  });
}
