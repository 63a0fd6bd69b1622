import type { GrantClaims } from '@contactpoint/access/grant';
import type { ClassGrant, Sensitivity, SensitivityClass } from '@contactpoint/access/sensitivity';
import type { Store } from './store.ts';

/** What a resolver gets as its context: one for each GraphQL operation, also within a batch. */
export interface SubgraphContext<Loaders> {
  /** Claims of the verified access grant. */
  readonly grant: GrantClaims;
  readonly store: Store;
  readonly loaders: Loaders;
  readonly clock: () => Date;
  /**
   * Grants classes of a child beyond the access grant: for the directory, whose doors decide for themselves. Must be
   * called before the door returns the child. What was granted before stays granted.
   */
  grantChild(childId: string, classes: ClassGrant): void;
  /**
   * Says which fields of a child are denied in silence: their resolvers run as if they were granted, and what they give
   * is dropped, so that no time tells a denial from a child without anything. The resolver of such a field reads rows of
   * a number that nobody has.
   */
  feignChild(childId: string, isSilent: (sensitivity: Sensitivity) => boolean): void;
  /** Classes granted of a child, by the access grant and by doors together; empty for any other child. */
  granted(childId: string): ClassGrant;
}

/** A context as the kit uses it: with what was resolved, which the journal keeps. */
export interface OperationContext<Loaders> extends SubgraphContext<Loaders> {
  /** Coordinates whose resolver ran, by ContactPoint number; '' for those outside a child. */
  readonly resolved: ReadonlyMap<string, ReadonlySet<string>>;
  noteResolved(childId: string | undefined, coordinate: string): void;
  /** Whether a field of a child that is not granted is denied in silence, and its resolver has to run even so. */
  isFeigned(childId: string, sensitivity: Sensitivity): boolean;
}

const NOTHING: ClassGrant = {};

/** @param createLoaders Called at once: a loader's cache must not outlive the grant it was filled under. */
export function createContext<Loaders>(
  grant: GrantClaims,
  services: { readonly store: Store; readonly clock: () => Date },
  createLoaders: (store: Store) => Loaders,
): OperationContext<Loaders> {
  const classes = new Map<string, ClassGrant>(Object.entries(grant.children));
  const feigned = new Map<string, (sensitivity: Sensitivity) => boolean>();
  const resolved = new Map<string, Set<string>>();
  return {
    grant,
    store: services.store,
    clock: services.clock,
    loaders: createLoaders(services.store),
    resolved,
    granted: (childId) => classes.get(childId) ?? NOTHING,
    grantChild(childId, more) {
      classes.set(childId, widest(classes.get(childId) ?? NOTHING, more));
    },
    isFeigned: (childId, sensitivity) => feigned.get(childId)?.(sensitivity) ?? false,
    feignChild(childId, isSilent) {
      feigned.set(childId, isSilent);
    },
    noteResolved(childId = '', coordinate) {
      const coordinates = resolved.get(childId);
      if (coordinates === undefined) resolved.set(childId, new Set([coordinate]));
      else coordinates.add(coordinate);
    },
  };
}

function widest(one: ClassGrant, other: ClassGrant): ClassGrant {
  const both: Partial<Record<SensitivityClass, 'MINIMAL' | 'FULL'>> = { ...one };
  for (const [name, level] of Object.entries(other) as [SensitivityClass, 'MINIMAL' | 'FULL'][]) {
    if (both[name] !== 'FULL') both[name] = level;
  }
  return both;
}
