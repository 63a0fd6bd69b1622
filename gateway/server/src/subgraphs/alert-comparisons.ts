import { randomBytes } from 'node:crypto';
import { eventDigest } from '@contactpoint/access/grant';
import * as v from 'valibot';
import type { SystemRequests } from './system-request.ts';

/** Everybody whom somebody met on a day, of whom oversight has no way to know who they are. */
export interface OwedDay {
  readonly practitionerId: string;
  readonly organisationId: string;
  /** In Europe/London, `YYYY-MM-DD`. */
  readonly day: string;
  /** ContactPoint numbers. */
  readonly children: readonly string[];
}

/** What accreditation knows of somebody who read, as digests under the question's key. */
export type ReaderDigests = v.InferOutput<typeof Reader>;

/** What the directory knows of a child and its reader, as digests and answers. */
export type ChildDigests = v.InferOutput<typeof Child>;

/** What oversight is told: yes or no, and numbers that mean nothing beyond the answer. */
export interface ComparedDay {
  readonly practitionerId: string;
  readonly day: string;
  readonly children: readonly ComparedChild[];
}

export interface ComparedChild {
  readonly childId: string;
  readonly known: boolean;
  readonly related: boolean;
  readonly given: boolean;
  readonly ownFamily: boolean;
  readonly ownChild: boolean;
  readonly colleague: boolean;
  readonly outsideArea: boolean;
  readonly household: number | null;
}

/** The question to both agencies, under one event and one key. */
export interface ComparisonQuestion {
  /** 32 bytes in base64url, made for this question and kept nowhere. */
  readonly key: string;
  /** Digest of the access event under which it is asked. */
  readonly evt: string;
  /** Told the `jti` of each request before it is sent. */
  readonly onGrant: (jti: string) => void;
}

/** The three sides of a comparison. All throw Error where a subgraph cannot be asked or does not answer as agreed. */
export interface AlertComparisons {
  owed(): Promise<readonly OwedDay[]>;
  /** In the order of the days. */
  readers(days: readonly OwedDay[], question: ComparisonQuestion): Promise<readonly ReaderDigests[]>;
  /** In the order of the days, by ContactPoint number; without those that nobody has. */
  children(
    days: readonly OwedDay[],
    question: ComparisonQuestion,
  ): Promise<readonly Readonly<Record<string, ChildDigests>>[]>;
  compared(days: readonly ComparedDay[]): Promise<void>;
}

const texts = v.array(v.string());

const Owed = v.object({
  days: v.array(
    v.object({ practitionerId: v.string(), organisationId: v.string(), day: v.string(), children: texts }),
  ),
});

const Reader = v.object({ familyNames: texts, persons: texts, colleagues: texts, authorities: texts });

const Child = v.object({
  child: v.string(),
  familyNames: texts,
  carers: texts,
  authority: v.nullable(v.string()),
  address: v.nullable(v.string()),
  household: v.number(),
  related: v.boolean(),
  given: v.boolean(),
});

const PATH = '/comparisons';

export function createAlertComparisons(
  requests: SystemRequests,
  /** Base URLs. */
  urls: { readonly oversight: string; readonly accreditation: string; readonly directory: string },
): AlertComparisons {
  // Nothing of a child is said under these; no event stands behind them.
  const nameless = () => eventDigest(randomBytes(16));
  const oversight = (path: string) => ({ aud: 'oversight', url: urls.oversight, path });
  return {
    async owed() {
      return v.parse(Owed, await requests.send(oversight('/alerts/owed'), {}, nameless())).days;
    },
    async readers(days, { key, evt, onGrant }) {
      const readers = days.map(({ practitionerId, organisationId }) => ({ practitionerId, organisationId }));
      const route = { aud: 'accreditation', url: urls.accreditation, path: PATH };
      const answer = await requests.send(route, { key, readers }, evt, onGrant);
      return v.parse(v.object({ readers: v.pipe(v.array(Reader), v.length(days.length)) }), answer).readers;
    },
    async children(days, { key, evt, onGrant }) {
      const readings = days.map(({ practitionerId, day, children }) => ({ practitionerId, day, children }));
      const route = { aud: 'directory', url: urls.directory, path: PATH };
      const answer = await requests.send(route, { key, readings }, evt, onGrant);
      const Readings = v.pipe(v.array(v.record(v.string(), Child)), v.length(days.length));
      return v.parse(v.object({ readings: Readings }), answer).readings;
    },
    async compared(days) {
      await requests.send(oversight('/alerts/compared'), { days }, nameless());
    },
  };
}
