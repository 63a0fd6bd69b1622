import { createHmac } from 'node:crypto';
import { AccessError } from '@contactpoint/access/access-error';
import type { AccessEvent } from '@contactpoint/audit-log/access-event';
import type { AuditLog, LeafReceipt } from '@contactpoint/audit-log/audit-log';
import { encodeAccessEvent } from '@contactpoint/audit-log/encode-access-event';
import type { SigningKey } from '../key-ring.ts';

declare const recorded: unique symbol;

/** Proof that an operation is in the log. Only the audit step makes one, and `respond` takes nothing without it. */
export interface Receipt extends LeafReceipt {
  readonly [recorded]: true;
}

/**
 * Audit step: one access event for every operation that enters the pipeline, answered or refused, durable before the
 * answer exists for anyone else.
 *
 * @throws AccessError AUDIT_UNAVAILABLE; the outcome is dropped, the caller gets no data.
 */
export async function audit(log: AuditLog, event: AccessEvent): Promise<Receipt> {
  try {
    const receipts = await Promise.all(encodeAccessEvent(event).map((leaf) => log.append(leaf)));
    return receipts[0] as Receipt;
  } catch (cause) {
    throw new AccessError('AUDIT_UNAVAILABLE', 'The access could not be recorded', { cause });
  }
}

/** Whether two requests asked for the same can be seen by whoever holds the key, and what they asked for by nobody. */
export function digestVariables(key: SigningKey, variables: Readonly<Record<string, unknown>>) {
  return {
    kid: key.kid,
    digest: createHmac('sha256', key.secret).update(textOf(variables)).digest('hex'),
  };
}

/** JSON is read at any depth and written only as deep as the stack is; such a request fails, and is recorded even so. */
function textOf(variables: Readonly<Record<string, unknown>>): string {
  try {
    return JSON.stringify(variables);
  } catch (cause) {
    if (cause instanceof RangeError) return 'too deep to be written';
    throw cause;
  }
}
