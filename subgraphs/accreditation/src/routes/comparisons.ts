import {
  createValueDigest,
  familyNameFormsOf,
  personForms,
  type ValueDigest,
} from '@contactpoint/subgraph-kit/compared-values';
import type { Store } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

/** Readers of one question at most. */
const MOST_READERS = 100;

const Content = v.object({
  /** 32 bytes in base64url, made for this question. */
  key: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
  readers: v.pipe(
    v.array(v.object({ practitionerId: v.string(), organisationId: v.string() })),
    v.maxLength(MOST_READERS),
  ),
});

type Reader = v.InferOutput<typeof Content>['readers'][number];

/** Digests of what is known of somebody who read, and of the organisation where they did. */
interface ReaderDigests {
  readonly familyNames: readonly string[];
  /** The reader by given and family name. */
  readonly persons: readonly string[];
  /** Everybody else with an account at the organisation, whatever its standing. */
  readonly colleagues: readonly string[];
  readonly authorities: readonly string[];
}

interface NameRow {
  readonly id: string;
  readonly name: string;
  readonly organisationId: string;
}

/**
 * `POST /comparisons`: names of practitioners and of their colleagues, and the areas of organisations, as digests that
 * say nothing by themselves: `{ readers: [...] }`, in the order of the question. For the gateway, which compares them with
 * the directory's. Somebody unknown has none.
 */
export function comparisonsRoute(app: App, services: SubgraphServices): void {
  systemRoute(app, services, {
    path: '/comparisons',
    audience: 'accreditation',
    content: Content,
    answer: async ({ key, readers }) => ({
      readers: await digestsOf(services.store, createValueDigest(key), readers),
    }),
    journaled: { operation: 'comparisons', childrenOf: () => [] },
  });
}

async function digestsOf(
  store: Store,
  digest: ValueDigest,
  readers: readonly Reader[],
): Promise<readonly ReaderDigests[]> {
  const ids = readers.map(({ practitionerId }) => practitionerId);
  const organisationIds = readers.map(({ organisationId }) => organisationId);
  const [names, areas] = await Promise.all([
    store<NameRow[]>`
      select id, name, organisation_id as "organisationId" from practitioner
      where id = any(${ids}) or organisation_id = any(${organisationIds})`,
    store<{ id: string; authorities: string[] }[]>`
      select id, authorities from organisation where id = any(${organisationIds})`,
  ]);
  const persons = new Map(
    names.map(({ id, name }) => [id, personForms(name).map((person) => digest('person', person))]),
  );
  const staff = Map.groupBy(names, ({ organisationId }) => organisationId);
  return readers.map(({ practitionerId, organisationId }) => {
    const own = names.find(({ id }) => id === practitionerId);
    const colleagues = (staff.get(organisationId) ?? []).filter(({ id }) => id !== practitionerId);
    const area = areas.find(({ id }) => id === organisationId);
    return {
      familyNames: familyNameFormsOf(own?.name ?? '').map((name) => digest('family-name', name)),
      persons: persons.get(practitionerId) ?? [],
      colleagues: [...new Set(colleagues.flatMap(({ id }) => persons.get(id) ?? []))],
      authorities: (area?.authorities ?? []).map((authority) => digest('authority', authority)),
    };
  });
}
