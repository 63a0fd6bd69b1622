import type { Decide } from '@contactpoint/access/decide';
import type { Decision } from '@contactpoint/access/decision';
import type { Facts } from '@contactpoint/access/facts';
import { lesser } from '@contactpoint/access/lesser-decision';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import type { Sector } from '@contactpoint/access/sector';
import type { Sensitivity, SensitivityClass } from '@contactpoint/access/sensitivity';
import { type GraphQLSchema, isObjectType } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { LoadedSupergraph } from '../supergraph.ts';
import { attainableFields } from './attainable-fields.ts';
import { refusedCoordinates } from './authorize-coordinates.ts';
import { type ReachableFields, reachableFields } from './reachable-fields.ts';
import type { Readers } from './readers.ts';
import { attributesOf, type VisibleSchema } from './visible-schema.ts';

/** What a field is, and what a caller could read of it for one purpose. */
export interface FieldAccess {
  /** `Child.conditions` */
  readonly coordinate: string;
  readonly sensitivity: SensitivityClass;
  /** It belongs to the minimal subset of its class. */
  readonly minimal: boolean;
  /** Subgraphs that resolve it. */
  readonly agencies: readonly string[];
  /** One for each sector through whose record it is reached. */
  readonly readings: readonly FieldReading[];
}

export interface FieldReading {
  readonly sector: Sector;
  readonly reading: Reading;
  /** The least that has to hold of a child, all of it together. Empty where any child will do, and where nothing would. */
  readonly needs: readonly Need[];
  /** Purposes that open it to the caller at best, without break-glass. */
  readonly purposes: readonly PurposeOfUse[];
}

/**
 * FULL: its class is open. MINIMAL: of its class the minimal subset is, to which it belongs. BREAK_GLASS: only with
 * break-glass. NONE: not for this purpose.
 */
export type Reading = 'FULL' | 'MINIMAL' | 'BREAK_GLASS' | 'NONE';

/** A relationship to the child; an allocation to it; that the caller's own organisation holds the record. */
export type Need = 'RELATIONSHIP' | 'ALLOCATION' | 'OWN_RECORD';

/** The same list for the same role and purpose. */
export type FieldAccessOf = (readers: Readers, purpose: PurposeOfUse) => readonly FieldAccess[];

/** From the least that can hold of a child to the most. */
const SITUATIONS: readonly { readonly facts: Facts; readonly needs: readonly Need[] }[] = [
  { facts: { relationship: 'NONE', shielded: false, ownRecord: false }, needs: [] },
  { facts: { relationship: 'TEAM', shielded: false, ownRecord: false }, needs: ['RELATIONSHIP'] },
  { facts: { relationship: 'NONE', shielded: false, ownRecord: true }, needs: ['OWN_RECORD'] },
  {
    facts: { relationship: 'TEAM', shielded: false, ownRecord: true },
    needs: ['RELATIONSHIP', 'OWN_RECORD'],
  },
  {
    facts: { relationship: 'ALLOCATED', shielded: false, ownRecord: true },
    needs: ['ALLOCATION', 'OWN_RECORD'],
  },
];

const BEST = SITUATIONS.at(-1)?.facts as Facts;

const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeOfUse[];

/** Lists kept: one takes some 100 kB, and follows from role, scopes and purpose. */
const KEPT = 128;

/**
 * Tells of every field that introspection shows a caller what it is and whether they could read it. It is the walk of
 * introspection under the decisions that requests are decided by, so that neither is told more than the other grants.
 */
export function createFieldAccess(
  supergraph: LoadedSupergraph,
  decide: Decide,
  visibleSchema: VisibleSchema,
): FieldAccessOf {
  const kept = new LRUCache<string, readonly FieldAccess[]>({ max: KEPT });
  return (readers, purpose) => {
    const key = `${attributesOf(readers)} ${purpose}`;
    let list = kept.get(key);
    if (list === undefined) {
      const shown = visibleSchema(readers.principal, readers.mediator);
      // A field of which nothing could be selected is reached, and not shown.
      list = listFields(supergraph, decide, readers, purpose).filter((each) => has(shown, each.coordinate));
      kept.set(key, list);
    }
    return list;
  };
}

function listFields(
  supergraph: LoadedSupergraph,
  decide: Decide,
  readers: Readers,
  purpose: PurposeOfUse,
): readonly FieldAccess[] {
  const refused = refusedCoordinates(supergraph, readers);
  const deeds = `${supergraph.executor.schema.getMutationType()?.name}.`;
  const reach = (each: PurposeOfUse, override: boolean, facts: Facts) => {
    const decision = decisionOf(decide, readers, each, override, facts);
    return { decision, fields: reachableFields(supergraph, readers, refused, decision) };
  };
  const plain = reach(purpose, false, BEST);
  // No break-glass for others.
  const broken = readers.mediator === undefined ? reach(purpose, true, BEST) : plain;
  const situations = [false, true].map((override) =>
    SITUATIONS.map(({ facts, needs }) => ({ needs, fields: reach(purpose, override, facts).fields })),
  );
  const byPurpose = ALL_PURPOSES.map((each) => ({ each, fields: reach(each, false, BEST).fields }));

  const readingOf = (coordinate: string, sector: Sector, sensitivity: Sensitivity): FieldReading => {
    const isIn = (fields: ReachableFields) => fields.get(coordinate)?.has(sector) ?? false;
    const isBroken = !isIn(plain.fields) && isIn(broken.fields);
    const level = isIn(plain.fields) ? openLevel(plain.decision, sector, sensitivity) : 'NONE';
    const least = situations[isBroken ? 1 : 0]?.find(({ fields }) => isIn(fields));
    return {
      sector,
      reading: isBroken ? 'BREAK_GLASS' : level,
      // What a deed asks for besides, its agency decides.
      needs: coordinate.startsWith(deeds) ? [] : (least?.needs ?? []),
      purposes: byPurpose.filter(({ fields }) => isIn(fields)).map(({ each }) => each),
    };
  };

  return [...attainableFields(supergraph, decide, readers)].flatMap(([coordinate, sectors]) => {
    const sensitivity = supergraph.classification.get(coordinate);
    if (sensitivity === undefined) return [];
    return {
      coordinate,
      sensitivity: sensitivity.class,
      minimal: sensitivity.minimal,
      agencies: supergraph.agencies.get(coordinate) ?? [],
      readings: [...sectors].map((sector) => readingOf(coordinate, sector, sensitivity)),
    };
  });
}

function has(schema: GraphQLSchema, coordinate: string): boolean {
  const [type = '', field = ''] = coordinate.split('.');
  const shown = schema.getType(type);
  return isObjectType(shown) && shown.getFields()[field] !== undefined;
}

function decisionOf(
  decide: Decide,
  { principal, mediator }: Readers,
  purpose: PurposeOfUse,
  override: boolean,
  facts: Facts,
): Decision {
  const own = decide(principal, purpose, override, facts);
  return mediator === undefined ? own : lesser(own, decide(mediator, purpose, override, facts));
}

function openLevel(decision: Decision, sector: Sector, sensitivity: Sensitivity): 'FULL' | 'MINIMAL' {
  if (sensitivity.class === 'REFERENCE') return 'FULL';
  return decision.of(sector, sensitivity.class).level === 'FULL' ? 'FULL' : 'MINIMAL';
}
