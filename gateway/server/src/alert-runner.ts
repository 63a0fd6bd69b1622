import { createHash, randomBytes } from 'node:crypto';
import { eventDigest } from '@contactpoint/access/grant';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import type { Logger } from 'pino';
import { compareForAlerts } from './compare-for-alerts.ts';
import { audit } from './pipeline/audit.ts';
import type { OwedEvents } from './pipeline/owed-events.ts';
import type { EventContext } from './pipeline/trail.ts';
import type { AlertComparisons, ComparedDay, OwedDay } from './subgraphs/alert-comparisons.ts';

/** Has compared, by those who know, what oversight's alerts are raised from. */
export interface AlertRunner {
  close(): Promise<void>;
}

/** Questions in a row, so that many days do not have to wait for as many looks. */
const MOST_QUESTIONS = 50;

export interface AlertRunnerOptions {
  readonly comparisons: AlertComparisons;
  readonly log: AuditLog;
  /** Whether the log takes leaves, as far as is known; while it does not, nobody is asked. */
  readonly recordable: () => boolean;
  readonly owed: OwedEvents;
  readonly events: Pick<EventContext, 'instance' | 'supergraph'>;
  readonly now: () => Date;
  readonly logger: Logger;
  /** Milliseconds between two looks. */
  readonly interval: number;
}

/**
 * Looks now and then. What was not compared, because a subgraph or the log was away or the gateway ended on the way, is
 * still owed and asked for again by whichever gateway comes next.
 */
export function createAlertRunner(options: AlertRunnerOptions): AlertRunner {
  const { interval, logger } = options;
  let closed = false;
  let failing = false;
  let turn: Promise<void> | undefined;

  const look = async (): Promise<void> => {
    try {
      for (let questions = 0; questions < MOST_QUESTIONS && !closed; questions++) {
        const days = await options.comparisons.owed();
        if (days.length === 0) break;
        await options.comparisons.compared(await compare(days, options));
      }
      failing = false;
    } catch (cause) {
      // Told once, not at every look; without the message, which may quote what was asked.
      if (!failing) logger.warn({ type: cause instanceof Error ? cause.name : typeof cause }, NOT_COMPARED);
      failing = true;
    }
  };
  const timer = setInterval(() => {
    if (!options.recordable()) return;
    turn ??= look().finally(() => {
      turn = undefined;
    });
  }, interval);
  return {
    async close() {
      closed = true;
      clearInterval(timer);
      await turn;
    },
  };
}

const NOT_COMPARED = 'what alerts are raised from was not compared';

/** What runs under the event; it is no operation that anybody could send. */
const OPERATION = {
  name: 'CompareForAlerts',
  hash: createHash('sha256').update('POST /comparisons').digest('hex'),
};

/**
 * Asks both agencies under one event, and gives nothing on before that is in the log. An agency may have journaled a
 * question that failed, so that one is on record as well.
 */
async function compare(
  days: readonly OwedDay[],
  { comparisons, log, owed, events, now }: AlertRunnerOptions,
): Promise<readonly ComparedDay[]> {
  const nonce = randomBytes(16);
  const jtis: string[] = [];
  const question = {
    key: randomBytes(32).toString('base64url'),
    evt: eventDigest(nonce),
    onGrant: (jti: string) => void jtis.push(jti),
  };
  const event = (outcome: AccessEvent['outcome']): AccessEvent => ({
    version: 1,
    kind: 'access',
    nonce: nonce.toString('hex'),
    at: now().toISOString(),
    instance: events.instance,
    practitioner: 'gateway',
    role: 'gateway',
    organisation: 'gateway',
    purpose: 'AUD',
    override: false,
    operation: OPERATION,
    supergraph: events.supergraph,
    outcome,
    jtis,
    subjects: [],
  });

  // Both are waited for: a grant that is still being signed would be missing from the event.
  const [readers, children] = await Promise.allSettled([
    comparisons.readers(days, question),
    comparisons.children(days, question),
  ]);
  const answered = readers.status === 'fulfilled' && children.status === 'fulfilled';
  await audit(log, event(answered ? 'RELEASED' : 'REFUSED')).catch((cause: unknown) => {
    owed.keep(event('REFUSED'));
    throw cause;
  });
  if (readers.status === 'rejected') throw readers.reason;
  if (children.status === 'rejected') throw children.reason;
  return days.map((day, place) => {
    const reader = readers.value[place];
    const known = children.value[place];
    if (reader === undefined || known === undefined) throw new Error('An agency left out a day');
    return compareForAlerts(day, reader, known);
  });
}
