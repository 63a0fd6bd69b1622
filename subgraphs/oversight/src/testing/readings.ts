import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import { contactPointNumber } from '@contactpoint/contract/contactpoint-number';
import { TEST_KEYS, testSystemBody } from '@contactpoint/subgraph-kit/testing';
import type { Comparison } from '../alerts/compared-reading.ts';
import type { TestOversight } from './oversight.ts';

/** An alert as an auditor reads it. */
export interface ReadAlert {
  readonly rule: string;
  readonly at: string;
  readonly practitionerId: string | null;
  readonly organisationId: string | null;
  readonly note: string | null;
  readonly events: readonly { readonly origin: string; readonly index: string }[];
}

const ALERTS = `{ alerts(first: 200) {
  alerts { rule at practitionerId organisationId note events { origin index } } } }`;

/** Alerts of one rule, newest first, after whatever the log holds now. */
export async function alertsOf(oversight: TestOversight, rule: string): Promise<readonly ReadAlert[]> {
  const { data, errors } = await oversight.ask(ALERTS);
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.alerts.alerts.filter((alert: ReadAlert) => alert.rule === rule);
}

/** The ContactPoint number of the nth invented child. */
export function childOf(place: number): string {
  const bytes = new Uint8Array(10);
  new DataView(bytes.buffer).setUint32(6, place);
  return contactPointNumber(bytes);
}

/** An event that shows these children their names, and nobody else. */
export function showing(children: readonly number[], event: Partial<AccessEvent> = {}): Partial<AccessEvent> {
  const subjects = children.map((child) => ({
    child: childOf(child),
    released: ['Child.familyName'],
    withheld: [],
    policies: ['social-worker-s47'],
  }));
  return { subjects, ...event };
}

/** Says something to a route of the gateway's own, as the gateway or as somebody else. */
export async function sendTo(oversight: TestOversight, path: string, content: object, role = 'gateway') {
  const payload = await testSystemBody(TEST_KEYS, 'oversight', path, content, { role });
  const response = await oversight.subgraph.app.inject({ method: 'POST', url: path, payload });
  return { status: response.statusCode, body: response.body === '' ? undefined : response.json() };
}

interface OwedDay {
  readonly practitionerId: string;
  readonly organisationId: string;
  readonly day: string;
  readonly children: readonly string[];
}

/** Days that are to be compared, after whatever the log holds now. */
export async function owedDays(oversight: TestOversight): Promise<readonly OwedDay[]> {
  await alertsOf(oversight, '');
  return (await sendTo(oversight, '/alerts/owed', {})).body.days;
}

/** What the agencies say of a child about whom there is nothing to say. */
export const NOTHING: Omit<Comparison, 'childId'> = {
  known: true,
  related: true,
  given: true,
  ownFamily: false,
  ownChild: false,
  colleague: false,
  outsideArea: false,
  household: null,
};

/**
 * Has everything compared that is owed.
 *
 * @param comparisons By ContactPoint number what differs from `NOTHING`.
 */
export async function compare(
  oversight: TestOversight,
  comparisons: Readonly<Record<string, Partial<Comparison>>> = {},
): Promise<readonly OwedDay[]> {
  const owed = await owedDays(oversight);
  const days = owed.map(({ practitionerId, day, children }) => ({
    practitionerId,
    day,
    children: children.map((childId) => ({ childId, ...NOTHING, ...comparisons[childId] })),
  }));
  const { status } = await sendTo(oversight, '/alerts/compared', { days });
  if (status !== 204) throw new Error(`compared: ${status}`);
  return owed;
}
