import { londonDate } from '@contactpoint/access/calendar-date';
import { orNull } from '@contactpoint/subgraph-kit/loader';
import type { TypeResolvers } from '@contactpoint/subgraph-kit/subgraph';
import { type DecidedChild, findingFor } from '../access/own-decision.ts';
import { isReleased, onlyReleased } from '../access/released.ts';
import type { DirectoryContext, Loaders } from '../loaders.ts';
import { asInvolvement, leadOf } from './involvement.ts';
import type { ChildRow } from './rows.ts';

type ChildField = (child: DecidedChild, context: DirectoryContext) => unknown;

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
    return row === null ? null : ({ id, decision } satisfies DecidedChild);
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

  addresses: decided('addresses', async ({ id, decision }, { loaders }) =>
    orNull(
      (await loaders.addressesByChildId.load(id)).map(({ childId: _child, ...address }) =>
        onlyReleased(decision, 'Address', address),
      ),
    ),
  ),

  parentsAndCarers: decided('parentsAndCarers', async ({ id, decision }, { loaders }) =>
    orNull(
      (await loaders.carersByChildId.load(id)).map(({ childId: _child, ...carer }) =>
        onlyReleased(decision, 'Carer', carer),
      ),
    ),
  ),

  involvements: decided('involvements', async ({ id, decision }, { loaders }) =>
    orNull(
      (await loaders.involvementsByChildId.load(id)).map((row) =>
        onlyReleased(decision, 'Involvement', asInvolvement(row)),
      ),
    ),
  ),

  leadProfessional: decided('leadProfessional', async ({ id, decision }, { loaders, clock }) => {
    const lead = leadOf(await loaders.involvementsByChildId.load(id), londonDate(clock()));
    return lead === undefined ? null : onlyReleased(decision, 'Involvement', asInvolvement(lead));
  }),
};

function fromRow(field: Exclude<keyof ChildRow, 'id'>): ChildField {
  return async ({ id }, { loaders }) => (await loaders.childById.load(id))?.[field] ?? null;
}

function decided(field: string, resolve: ChildField) {
  return (child: DecidedChild, _args: object, context: DirectoryContext): unknown =>
    isReleased(child.decision, `Child.${field}`) ? resolve(child, context) : null;
}
