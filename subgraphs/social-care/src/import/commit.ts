import type { FilePlace } from '@contactpoint/subgraph-kit/import-report';
import type { Register, RegistrationResult } from './registration.ts';
import type { Account } from './report.ts';
import type { StagedKind, Staging } from './staging.ts';

/** What a return is made of, as far as it is stored. */
export interface ReturnShape {
  /** Name of the rows that bring children, and the columns of `care_child` they tell. */
  readonly children: {
    readonly name: string;
    readonly columns: readonly string[];
    readonly upnField: string;
  };
  readonly rows: readonly StagedKind[];
}

/** What became of a child of the return. */
interface TakenChild {
  readonly childId: string;
  readonly outcome: RegistrationResult['outcome'];
}

/**
 * Commits a return that has been read to its end: first the directory's transaction, then social care's. A crash
 * between them leaves children without a record here; the same return again finds them registered and stores the rest.
 */
export async function commitReturn(
  staging: Staging,
  shape: ReturnShape,
  register: Register,
  account: Account,
): Promise<void> {
  const identities = await staging.identities();
  const places = new Map(identities.map(({ ref, place }) => [ref, place]));
  const results = await register(identities.map(({ place: _place, ...identity }) => identity));

  const taken = new Map<string, TakenChild>();
  const seen = new Set<string>();
  for (const result of results) {
    const place = places.get(result.ref);
    if (place === undefined) throw new Error('The directory answered for a child it was not asked about');
    places.delete(result.ref);
    const child = settle(result, place, shape, account, seen);
    if (child !== undefined) taken.set(result.ref, child);
  }
  if (places.size > 0) throw new Error('The directory did not answer for every child');

  const childIds = new Map([...taken].map(([ref, { childId }]) => [ref, childId]));
  for (const { kind, place } of await staging.resolve(childIds))
    account.quarantine(kind, place, 'CHILD_NOT_TAKEN');
  await staging.transaction(() => store(staging, shape, [...taken.values()], account));
}

/** Quarantines a child that was not registered; notes the numbers that another child has already. */
function settle(
  { outcome, childId, dropped }: RegistrationResult,
  place: FilePlace,
  { children }: ReturnShape,
  account: Account,
  seen: Set<string>,
): TakenChild | undefined {
  if (childId === undefined || outcome === 'resembles-shielded' || outcome === 'contradiction') {
    const reason = outcome === 'resembles-shielded' ? 'RESEMBLES_SHIELDED' : 'CONTRADICTS_DIRECTORY';
    account.quarantine(children.name, place, reason);
    return undefined;
  }
  if (seen.has(childId)) {
    account.quarantine(children.name, place, 'CONTRADICTS_EARLIER_ROW');
    return undefined;
  }
  seen.add(childId);
  for (const reason of dropped) account.drop(place, reason, children.upnField);
  return { childId, outcome };
}

async function store(
  staging: Staging,
  { children, rows }: ReturnShape,
  taken: readonly TakenChild[],
  account: Account,
): Promise<void> {
  const known = await staging.knownChildren();
  const corrected = new Set((await staging.storeChildren(children.columns)).map(({ childId }) => childId));
  for (const { childId, outcome } of taken) {
    // A child whom the directory knew is new here all the same when a crash or another agency came before.
    const isNew = outcome === 'created' || !known.has(childId);
    const isUpdated = outcome === 'updated' || corrected.has(childId);
    account.taken(children.name, { [isNew ? 'accepted' : isUpdated ? 'updated' : 'unchanged']: 1 });
  }

  for (const kind of rows) {
    const waiting = await staging.count(kind.name);
    const touched = await staging.storeRows(kind);
    const accepted = touched.filter(({ isNew }) => isNew).length;
    const updated = touched.length - accepted;
    account.taken(kind.name, { accepted, updated, unchanged: waiting - touched.length });
  }
}

/** Instead of `commitReturn`: what waits to be stored is reported as accepted, and nothing is stored or registered. */
export async function countReturn(staging: Staging, shape: ReturnShape, account: Account): Promise<void> {
  account.taken(shape.children.name, { accepted: (await staging.identities()).length });
  for (const { name } of shape.rows) account.taken(name, { accepted: await staging.count(name) });
}
