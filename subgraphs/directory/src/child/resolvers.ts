import { londonDate } from '@contactpoint/access/calendar-date';
import { orNull } from '@contactpoint/subgraph-kit/loader';
import type { TypeResolvers } from '@contactpoint/subgraph-kit/subgraph';
import { type DecidedChild, findingFor } from '../access/own-decision.ts';
import { isReleased, onlyReleased } from '../access/released.ts';
import type { DirectoryContext, Loaders } from '../loaders.ts';
import { asInvolvement, leadOf } from './involvement.ts';
import { listedTo, ownInvolvements } from './own-involvements.ts';
import type { ChildRow } from './rows.ts';

/**
 * Resolves one field of a child.
 *
 * @param number Whose rows are read: the child's, or nobody's where the field is denied in silence.
 */
type ChildField = (number: string, child: DecidedChild, context: DirectoryContext) => unknown;

/**
 * Resolvers of `Child`. The kit has already asked whether the access grant covers a field; the directory asks its own
 * decision as well, since it is the one that holds relationships and shields.
 */
export const childResolvers: TypeResolvers<Loaders> = {
  async __resolveReference({ id }: { readonly __typename: string; readonly id: string }, context) {
    const [{ decision }, row] = await Promise.all([
      findingFor(context, id),
      context.loaders.childById.load(id),
    ]);
    // A number that nobody has may stand for a child denied in silence: it is read for, as if it were one.
    return { id, decision, known: row !== null } satisfies DecidedChild;
  },

  ...Object.fromEntries(
    (
      [
        'givenNames',
        'familyName',
        'dateOfBirth',
        'sex',
        'formerNames',
        'ethnicity',
        'nhsNumber',
        'upn',
        'localAuthority',
      ] as const
    ).map((field) => [field, decided(field, fromRow(field))]),
  ),

  addresses: decided('addresses', async (number, { decision }, { loaders }) =>
    orNull(
      (await loaders.addressesByChildId.load(number)).map(({ childId: _child, ...address }) =>
        onlyReleased(decision, 'Address', address),
      ),
    ),
  ),

  parentsAndCarers: decided('parentsAndCarers', async (number, { decision }, { loaders }) =>
    orNull(
      (await loaders.carersByChildId.load(number)).map(({ childId: _child, ...carer }) =>
        onlyReleased(decision, 'Carer', carer),
      ),
    ),
  ),

  involvements: decided('involvements', async (number, child, context) =>
    orNull(
      (await listed(number, child, context)).map((row) =>
        onlyReleased(child.decision, 'Involvement', asInvolvement(row)),
      ),
    ),
  ),

  leadProfessional: decided('leadProfessional', async (number, child, context) => {
    const lead = leadOf(await listed(number, child, context), londonDate(context.clock()));
    return lead === undefined ? null : onlyReleased(child.decision, 'Involvement', asInvolvement(lead));
  }),

  ownInvolvements: decided('ownInvolvements', async (number, _child, context) =>
    orNull(await ownInvolvements(context, number)),
  ),
};

/** Of the child's own row, which is there already: nothing of its time depends on the decision. */
function fromRow(field: Exclude<keyof ChildRow, 'id'>): ChildField {
  return async (_number, { id }, { loaders }) => (await loaders.childById.load(id))?.[field] ?? null;
}

async function listed(number: string, { id }: DecidedChild, context: DirectoryContext) {
  const [rows, { facts }] = await Promise.all([
    context.loaders.involvementsByChildId.load(number),
    findingFor(context, id),
  ]);
  return listedTo(context, rows, facts.relationship === 'ALLOCATED');
}

/** Runs only where the kit has found the class granted, or feigned by the door; the directory's own decision has the last word. */
function decided(field: string, resolve: ChildField) {
  return async (child: DecidedChild, _args: object, context: DirectoryContext): Promise<unknown> => {
    const { id, decision, known } = child;
    if (known && isReleased(decision, `Child.${field}`)) return await resolve(id, child, context);
    const { decoy } = await findingFor(context, id);
    await resolve(decoy, child, context);
    return null;
  };
}
