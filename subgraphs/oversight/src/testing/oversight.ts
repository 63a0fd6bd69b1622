import { randomBytes } from 'node:crypto';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { AuditLog, LeafReceipt } from '@contactpoint/audit-log/audit-log';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';
import { createAuditDatabase, type TestAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import {
  ask,
  startTestSubgraph,
  type TestAnswer,
  type TestSubgraph,
} from '@contactpoint/subgraph-kit/testing';
import { oversightSubgraph } from '../definition.ts';

/** An oversight subgraph beside an audit log of its own. */
export interface TestOversight extends AsyncDisposable {
  readonly subgraph: TestSubgraph;
  readonly database: TestAuditDatabase;
  readonly log: AuditLog;
  /** Records an event; what is not given is that of a social worker's released read. */
  record(event?: Partial<AccessEvent>): Promise<LeafReceipt>;
  /** Asks as an auditor, whose claims may be overridden. */
  ask(query: string, variables?: Record<string, unknown>, claims?: object): Promise<TestAnswer>;
}

export const AUDITOR = {
  sub: 'p-auditor',
  role: 'auditor',
  sector: 'DIRECTORY',
  organisation: 'CONTACTPOINT',
  scopes: ['audit:read', 'audit:statement', 'audit:review', 'oversight:figures'],
} as const;

export const CHILD = '8Z4K2M0QWX7R5T1B';
export const SIBLING = '7Z4K2M0QWX7R5T1C';

export async function startOversight(): Promise<TestOversight> {
  const database = await createAuditDatabase();
  const origin = `contactpoint.test/gateway-1/${randomBytes(4).toString('hex')}`;
  const log = await openPostgresLog({ url: database.writerUrl, origin, allowUnsafeServer: true });
  const subgraph = await startTestSubgraph(oversightSubgraph({ auditUrl: database.readerUrl }));
  return {
    subgraph,
    database,
    log,
    record: (event) => record(log, event),
    ask: (query, variables = {}, claims = {}) =>
      ask(subgraph.app, { ...AUDITOR, query, variables, numbers: oneEach(query, variables), ...claims }),
    async [Symbol.asyncDispose]() {
      await log.close();
      await subgraph.stop();
      await database[Symbol.asyncDispose]();
    },
  };
}

/** As the gateway says it of children who have one number. */
function oneEach(query: string, variables: object): Record<string, readonly string[]> {
  const named = `${query} ${JSON.stringify(variables)}`.match(/\b[0-9A-HJKMNP-TV-Z]{16}\b/g) ?? [];
  return Object.fromEntries(named.map((number) => [number, [number]]));
}

export async function record(log: AuditLog, event: Partial<AccessEvent> = {}): Promise<LeafReceipt> {
  const [first] = await Promise.all(encodeAccessEvent(accessEvent(event)).map((leaf) => log.append(leaf)));
  if (first === undefined) throw new Error('an event has at least one part');
  return first;
}

export function accessEvent(event: Partial<AccessEvent> = {}): AccessEvent {
  return {
    version: 1,
    kind: 'access',
    nonce: randomBytes(16).toString('hex'),
    at: '2026-11-22T10:15:00.000Z',
    instance: 'gateway-1',
    practitioner: 'p-social-worker',
    role: 'social-worker',
    organisation: 'LA-975',
    purpose: 'S47',
    reason: 'strategy discussion today',
    override: false,
    client: 'front-end',
    operation: { name: 'View', hash: 'ab'.repeat(32) },
    outcome: 'RELEASED',
    jtis: [],
    subjects: [
      { child: CHILD, released: ['Child.familyName'], withheld: ['Child.conditions'], policies: ['sw-s47'] },
    ],
    ...event,
  };
}
