import DataLoader from 'dataloader';
import type { SubgraphDefinition } from '../definition.ts';
import { KIT_MIGRATIONS, type Store } from '../store.ts';
import { SubgraphError } from '../subgraph-error.ts';

/** Children of the invented subgraph. */
export const ANNA = 'ANNA000000000000';
export const BEN = 'BEN0000000000000';

/** A row that both children hold: twins in one clinic. */
const SHARED_VISIT = Object.freeze({
  on: '2026-01-02',
  site: 'Shared clinic',
  reason: 'shared reason',
  stamp: { by: 'nurse' },
});

export interface InventedLoaders {
  readonly visits: DataLoader<string, readonly object[]>;
}

interface Reference {
  readonly id: string;
}

/** A subgraph with every shape that enforcement has to know, without tables of its own. */
export const inventedSubgraph = {
  name: 'invented',
  typeDefs: `
    extend schema
      @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@authenticated", { name: "@requiresScopes", as: "@needs" }])
      @link(url: "https://contactpoint.example/access/v1.0", import: ["@sensitivity", "@subject", "SensitivityClass"])
    type Query {
      clinic(code: ID!): Clinic @authenticated @sensitivity(class: REFERENCE)
      door(id: ID!): Child @authenticated @sensitivity(class: IDENTITY)
      silent(id: ID!): Child @authenticated @sensitivity(class: IDENTITY)
      shut(id: ID!): Child @authenticated @sensitivity(class: IDENTITY)
      search: [Candidate!] @authenticated @sensitivity(class: IDENTITY)
      plain: Candidate @authenticated @sensitivity(class: REFERENCE)
      reports: [Report!] @needs(scopes: [["report:read", "report:all"], ["report:any"]])
      failing: String @sensitivity(class: REFERENCE)
      refusing: String @sensitivity(class: REFERENCE)
    }
    type Mutation {
      count: Int @sensitivity(class: REFERENCE)
    }
    type Clinic @key(fields: "code") @sensitivity(class: REFERENCE) { code: ID! name: String }
    type Candidate @sensitivity(class: IDENTITY) { child: Child score: Float }
    type Report @key(fields: "number") @sensitivity(class: REFERENCE) @needs(scopes: [["report:read"], ["report:any"]]) {
      number: Int
      note: String @needs(scopes: [["note:read"]])
    }
    type Child @key(fields: "id") @subject @sensitivity(class: SPECIAL) {
      id: ID! @sensitivity(class: IDENTITY)
      name: String @sensitivity(class: IDENTITY)
      score: Int
      brief: String @sensitivity(class: SPECIAL, minimal: true)
      visits: [Visit!] @sensitivity(class: SPECIAL, minimal: true)
      clinic: Clinic @sensitivity(class: LOCATION)
      sibling: Child @sensitivity(class: IDENTITY)
      contact: Contact @sensitivity(class: INVOLVEMENT)
    }
    union Contact = Nurse | Doctor
    type Nurse @sensitivity(class: INVOLVEMENT) { name: String phone: String @sensitivity(class: LOCATION) }
    type Doctor @sensitivity(class: INVOLVEMENT) { name: String }
    type Visit @sensitivity(class: SPECIAL) {
      on: String @sensitivity(class: SPECIAL, minimal: true)
      site: String @sensitivity(class: LOCATION)
      reason: String
      stamp: Stamp @sensitivity(class: SPECIAL, minimal: true)
    }
    type Stamp @sensitivity(class: SPECIAL) { by: String }
  `,
  migrations: KIT_MIGRATIONS,
  createLoaders: (_store: Store): InventedLoaders => ({
    visits: new DataLoader(async (ids) => ids.map(() => [SHARED_VISIT])),
  }),
  resolvers: {
    Query: {
      clinic: (_source, { code }: { code: string }) => ({ code, name: `Clinic ${code}` }),
      door: (_source, { id }: Reference, context) => {
        context.grantChild(id, { IDENTITY: 'FULL' });
        return { id, name: `Name of ${id}`, score: 3 };
      },
      silent: (_source, { id }: Reference, context) => {
        context.grantChild(id, { IDENTITY: 'FULL' });
        context.feignChild(id, (sensitivity) => sensitivity.class === 'SPECIAL');
        return { id, name: `Name of ${id}`, brief: 'in brief' };
      },
      shut: (_source, { id }: Reference) => ({ id, name: `Name of ${id}` }),
      search: (_source, _args, context) => {
        context.grantChild(ANNA, { IDENTITY: 'FULL' });
        return [
          { child: { id: ANNA, name: 'Anna' }, score: 0.9 },
          Promise.resolve({ child: { id: BEN }, score: 0.5 }),
        ];
      },
      plain: () => ({ child: { id: ANNA }, score: 1 }),
      reports: () => [{ number: 1, note: 'a note' }],
      failing: () => {
        throw new Error('relation "secret_table" of Anna Smith does not exist');
      },
      refusing: () => {
        throw new SubgraphError('UNAUTHORIZED_FIELD_OR_TYPE', 'Not for this purpose', { reason: 'PURPOSE' });
      },
    },
    Mutation: { count: () => ++counted.mutations },
    Child: {
      __resolveReference: (reference: Reference) => {
        counted.references.push(reference.id);
        return { id: reference.id, name: `Name of ${reference.id}`, brief: 'in brief' };
      },
      score: ({ id }: Reference) => {
        counted.scores.push(id);
        return 3;
      },
      visits: ({ id }: Reference, _args, { loaders }) => loaders.visits.load(id),
      clinic: () => ({ code: 'C1', name: 'Clinic C1' }),
      sibling: ({ id }: Reference) => ({ id: id === ANNA ? BEN : ANNA, name: 'sibling' }),
      contact: () => ({ __typename: 'Nurse', name: 'Nora', phone: '0191 496 0000' }),
    },
  },
} satisfies SubgraphDefinition<InventedLoaders>;

/** What ran, for tests that must see that something did not. */
export const counted: { mutations: number; references: string[]; scores: string[] } = {
  mutations: 0,
  references: [],
  scores: [],
};
