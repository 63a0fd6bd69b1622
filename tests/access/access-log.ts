import type { AccessEventPart } from '@contactpoint/audit-log/access-event';
import { decodeAccessEvent } from '@contactpoint/audit-log/decode-access-event';
import postgres from 'postgres';
import type { Answer, TestSystem } from '../running-system.ts';

/** One leaf as it lies in the log's database, and what it says. */
export interface Leaf {
  readonly origin: string;
  readonly index: string;
  readonly text: string;
  readonly event: AccessEventPart;
}

/** Every leaf that the log holds now and has not forgotten, in order, read as oversight reads it. */
export async function readLeaves({ clusters }: TestSystem): Promise<Leaf[]> {
  const sql = postgres(clusters.audit.readerUrl, { max: 1 });
  try {
    const rows = await sql<{ origin: string; index: string; leaf: Buffer }[]>`
      select origin, index, leaf from leaf where leaf is not null order by origin, index`;
    return rows.map(({ origin, index, leaf }) => ({
      origin,
      index,
      text: leaf.toString(),
      event: decodeAccessEvent(leaf),
    }));
  } finally {
    await sql.end();
  }
}

/** The same without what the gateway has compared for alerts, which comes some seconds after what was asked for. */
export async function readAskedLeaves(system: TestSystem): Promise<Leaf[]> {
  return (await readLeaves(system)).filter(({ event }) => event.operation?.name !== 'CompareForAlerts');
}

/** `Access-Log` of an answer: where its event stands. */
export function receiptOf({ headers }: Answer): { readonly origin: string; readonly index: string } {
  const match = /^(\S+) (\d+)$/.exec(String(headers['access-log']));
  if (match === null) throw new Error(`no receipt: ${String(headers['access-log'])}`);
  return { origin: match[1] as string, index: match[2] as string };
}

/** The leaf that an answer's receipt names. */
export async function leafOf(system: TestSystem, answer: Answer): Promise<Leaf> {
  const receipt = receiptOf(answer);
  const leaf = (await readLeaves(system)).find(
    ({ origin, index }) => origin === receipt.origin && index === receipt.index,
  );
  if (leaf === undefined) throw new Error(`no leaf at ${receipt.origin} ${receipt.index}`);
  return leaf;
}

const EVENTS = /* GraphQL */ `
  query Events($filter: AccessEventFilter!) {
    accessEvents(filter: $filter, first: 20) {
      events {
        origin
        index
        at
        practitionerId
        role
        organisationId
        purpose
        reason
        breakGlass
        operationName
        outcome
        subjects { childId released withheld policies }
      }
    }
  }
`;

/** An event as `auditor` reads it through the gateway. */
export interface AuditedEvent {
  readonly origin: string;
  readonly index: string;
  readonly practitionerId: string | null;
  readonly role: string | null;
  readonly organisationId: string | null;
  readonly purpose: string | null;
  readonly reason: string | null;
  readonly breakGlass: boolean;
  readonly operationName: string | null;
  readonly outcome: 'RELEASED' | 'PARTIAL' | 'REFUSED';
  readonly subjects: readonly {
    readonly childId: string;
    readonly released: readonly string[];
    readonly withheld: readonly string[];
    readonly policies: readonly string[];
  }[];
}

/** What `auditor` finds, newest first. */
export async function askForEvents(
  system: TestSystem,
  filter: Readonly<Record<string, unknown>>,
): Promise<{ readonly answer: Answer; readonly events: readonly AuditedEvent[] }> {
  const answer = await system.ask('auditor', { query: EVENTS, variables: { filter } });
  return { answer, events: answer.body.data?.accessEvents?.events ?? [] };
}

/** The event that an answer's receipt names, as `auditor` finds it. */
export async function auditedEvent(
  system: TestSystem,
  persona: string,
  answer: Answer,
): Promise<AuditedEvent | undefined> {
  const receipt = receiptOf(answer);
  const { events } = await askForEvents(system, { practitionerId: `p-${persona}` });
  return events.find(({ origin, index }) => origin === receipt.origin && index === receipt.index);
}
