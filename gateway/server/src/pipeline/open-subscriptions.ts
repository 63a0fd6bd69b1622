import { AccessError } from '@contactpoint/access/access-error';

/** The subscriptions that are open at this gateway, and how many there may be. */
export interface OpenSubscriptions {
  readonly count: () => number;
  /** @throws AccessError SUBSCRIPTION_LIMIT_EXCEEDED. */
  take(practitionerId: string): Place;
  /** Ends all of them, and admits no more. */
  close(): void;
}

/** One open subscription. */
export interface Place {
  /** Aborts when the subscription is to end: it has lived for as long as it may, or the gateway stops. */
  readonly signal: AbortSignal;
  /** Gives the place back; may be called again. */
  release(): void;
}

export const SUBSCRIPTION_LIMITS = {
  /** A front end watches what is on its screen. */
  perPractitioner: 10,
  /** Each holds two connections. */
  perGateway: 1_000,
  /** Milliseconds: an hour, after which a front end asks again. */
  lifetime: 3_600_000,
} as const;

export function createOpenSubscriptions(
  limits: { readonly [Name in keyof typeof SUBSCRIPTION_LIMITS]: number } = SUBSCRIPTION_LIMITS,
): OpenSubscriptions {
  const open = new Set<AbortController>();
  const held = new Map<string, number>();
  let isClosed = false;

  return {
    count: () => open.size,
    take(practitionerId) {
      const own = held.get(practitionerId) ?? 0;
      if (isClosed || open.size >= limits.perGateway) throw tooMany('perGateway');
      if (own >= limits.perPractitioner) throw tooMany('perPractitioner');
      const controller = new AbortController();
      open.add(controller);
      held.set(practitionerId, own + 1);
      const expiry = setTimeout(() => controller.abort(), limits.lifetime);
      expiry.unref();
      return {
        signal: controller.signal,
        release() {
          if (!open.delete(controller)) return;
          clearTimeout(expiry);
          const left = (held.get(practitionerId) ?? 1) - 1;
          if (left > 0) held.set(practitionerId, left);
          else held.delete(practitionerId);
        },
      };
    },
    close() {
      isClosed = true;
      for (const controller of open) controller.abort();
    },
  };
}

function tooMany(limit: 'perGateway' | 'perPractitioner'): AccessError {
  const message = 'Too many subscriptions are open';
  return new AccessError('SUBSCRIPTION_LIMIT_EXCEEDED', message, { extensions: { limit } });
}
