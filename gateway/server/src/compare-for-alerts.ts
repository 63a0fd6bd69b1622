import type {
  ChildDigests,
  ComparedChild,
  ComparedDay,
  OwedDay,
  ReaderDigests,
} from './subgraphs/alert-comparisons.ts';

/**
 * Holds what accreditation knows of a reader against what the directory knows of the children whom they met on a day.
 * Digests go in; yes, no and numbers without meaning come out. What is absent on either side equals nothing.
 */
export function compareForAlerts(
  { practitionerId, day, children }: OwedDay,
  reader: ReaderDigests,
  known: Readonly<Record<string, ChildDigests>>,
): ComparedDay {
  const households = householdsOf(children, known);
  return {
    practitionerId,
    day,
    children: children.map((childId): ComparedChild => {
      const child = Object.hasOwn(known, childId) ? known[childId] : undefined;
      if (child === undefined) return { childId, known: false, ...NOTHING };
      const { related, given, familyNames, carers, authority } = child;
      return {
        ...{ childId, known: true, related, given },
        ownFamily: share(familyNames, reader.familyNames),
        ownChild: share(carers, reader.persons),
        colleague: share(carers, reader.colleagues),
        outsideArea:
          authority !== null && reader.authorities.length > 0 && !reader.authorities.includes(authority),
        household: households.get(childId) ?? null,
      };
    }),
  };
}

const NOTHING = {
  related: false,
  given: false,
  ownFamily: false,
  ownChild: false,
  colleague: false,
  outsideArea: false,
  household: null,
} as const;

function share(some: readonly string[], others: readonly string[]): boolean {
  return some.some((each) => others.includes(each));
}

/**
 * Numbers the addresses of which no child is missing among these. A child who is there under two of its numbers counts, and
 * is numbered, once.
 */
function householdsOf(
  children: readonly string[],
  known: Readonly<Record<string, ChildDigests>>,
): ReadonlyMap<string, number> {
  const byAddress = new Map<string, Map<string, string>>();
  for (const childId of children) {
    const { address, child } = (Object.hasOwn(known, childId) ? known[childId] : undefined) ?? {};
    if (address === undefined || address === null || child === undefined) continue;
    const there = byAddress.get(address) ?? new Map<string, string>();
    byAddress.set(address, there);
    if (!there.has(child)) there.set(child, childId);
  }
  const numbered = new Map<string, number>();
  for (const there of byAddress.values()) {
    const ids = [...there.values()];
    const [first] = ids;
    const household = first === undefined ? undefined : known[first]?.household;
    if (household === undefined || ids.length < household) continue;
    const number = new Set(numbered.values()).size + 1;
    for (const childId of ids) numbered.set(childId, number);
  }
  return numbered;
}
