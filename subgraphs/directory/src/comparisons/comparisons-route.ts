import { londonDate } from '@contactpoint/access/calendar-date';
import {
  createValueDigest,
  familyNameForms,
  familyNameFormsOf,
  personForms,
  type ValueDigest,
} from '@contactpoint/subgraph-kit/compared-values';
import type { Store } from '@contactpoint/subgraph-kit/store';
import type { SubgraphDefinition, SubgraphServices } from '@contactpoint/subgraph-kit/subgraph';
import { systemRoute } from '@contactpoint/subgraph-kit/system-route';
import * as v from 'valibot';
import { type ComparedChild, findCompared, findRelationships } from './find-compared.ts';

type App = Parameters<NonNullable<SubgraphDefinition<unknown>['routes']>>[0];

/** Days of readers in one question at most, and children of one of them. */
const MOST_READINGS = 100;
const MOST_CHILDREN = 5_000;

const Content = v.object({
  /** 32 bytes in base64url, made for this question. */
  key: v.pipe(v.string(), v.regex(/^[\w-]{43}$/)),
  readings: v.pipe(
    v.array(
      v.object({
        practitionerId: v.string(),
        day: v.pipe(v.string(), v.isoDate()),
        children: v.pipe(v.array(v.string()), v.maxLength(MOST_CHILDREN)),
      }),
    ),
    v.maxLength(MOST_READINGS),
  ),
});

type Reading = v.InferOutput<typeof Content>['readings'][number];

/** Digests of what is known of a child, and two answers about whoever read. */
interface ChildDigests {
  /** The same for all numbers of one child. */
  readonly child: string;
  /** Now and before, in every form. */
  readonly familyNames: readonly string[];
  /** By given and family name. */
  readonly carers: readonly string[];
  readonly authority: string | null;
  readonly address: string | null;
  /** Children at the address. */
  readonly household: number;
  /** Whether an involvement of the reader's is on record since that day, and one that others gave. */
  readonly related: boolean;
  readonly given: boolean;
}

/**
 * `POST /comparisons`: names, areas and addresses of children as digests that say nothing by themselves,
 * `{ readings: [{ NUMBER: {...} }] }` in the order of the question, for the gateway to compare with accreditation's. Numbers
 * that nobody has are left out. A shielded child answers like one of whom neither address nor authority is known.
 */
export function comparisonsRoute(app: App, services: SubgraphServices): void {
  const { store, clock } = services;
  systemRoute(app, services, {
    path: '/comparisons',
    audience: 'directory',
    content: Content,
    answer: async ({ key, readings }) => ({
      readings: await compare(store, createValueDigest(key), readings, londonDate(clock())),
    }),
    journaled: { operation: 'comparisons', childrenOf: ({ readings }) => childrenOf(readings) },
  });
}

async function compare(
  store: Store,
  digest: ValueDigest,
  readings: readonly Reading[],
  today: string,
): Promise<readonly Readonly<Record<string, ChildDigests>>[]> {
  const questions = readings.flatMap(({ practitionerId, day, children }, question) =>
    children.map((child) => ({ question, practitionerId, child, since: day })),
  );
  const [found, relationships] = await Promise.all([
    findCompared(store, childrenOf(readings), today),
    findRelationships(store, questions, today),
  ]);
  const digests = new Map(found.map((child) => [child.asked, digestsOf(digest, child)]));
  const given = new Map(relationships.map((each) => [`${each.question} ${each.child}`, each.given]));
  return readings.map(({ children }, question) =>
    Object.fromEntries(
      children.flatMap((child): [string, ChildDigests][] => {
        const known = digests.get(child);
        if (known === undefined) return [];
        const relationship = given.get(`${question} ${child}`);
        return [[child, { ...known, related: relationship !== undefined, given: relationship === true }]];
      }),
    ),
  );
}

function digestsOf(digest: ValueDigest, child: ComparedChild): Omit<ChildDigests, 'related' | 'given'> {
  const { familyName, formerNames, carers, authority, place, household } = child;
  // A former name may be written with the given names or without.
  const names = [...familyNameForms(familyName ?? ''), ...(formerNames ?? []).flatMap(familyNameFormsOf)];
  return {
    child: digest('child', child.id),
    familyNames: [...new Set(names)].map((name) => digest('family-name', name)),
    carers: carers.flatMap(personForms).map((person) => digest('person', person)),
    authority: authority === null ? null : digest('authority', authority),
    address: place === null ? null : digest('address', place),
    household,
  };
}

function childrenOf(readings: readonly Reading[]): readonly string[] {
  return [...new Set(readings.flatMap(({ children }) => children))];
}
