import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';

interface Kept {
  readonly model: string;
  readonly payload: AdapterPayload;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * Sessions, codes and sign-ins in progress, in memory: after a restart of this development provider everybody signs in
 * again. Access tokens are not kept at all, since they are JWTs.
 */
export function createMemoryAdapter(now: () => number = Date.now): AdapterFactory {
  const kept = new Map<string, Kept>();

  const findLive = (accepts: (entry: Kept) => boolean): AdapterPayload | undefined => {
    for (const entry of kept.values()) {
      if (entry.expiresAt > now() && accepts(entry)) return entry.payload;
    }
    return undefined;
  };

  return (model): Adapter => ({
    async upsert(id, payload, expiresIn) {
      for (const [key, { expiresAt }] of kept) if (expiresAt <= now()) kept.delete(key);
      const expiresAt = expiresIn === undefined ? Number.POSITIVE_INFINITY : now() + expiresIn * 1000;
      kept.set(`${model}:${id}`, { model, payload, expiresAt });
    },
    async find(id) {
      const entry = kept.get(`${model}:${id}`);
      return entry !== undefined && entry.expiresAt > now() ? entry.payload : undefined;
    },
    async findByUid(uid) {
      return findLive((entry) => entry.model === model && entry.payload.uid === uid);
    },
    async findByUserCode(userCode) {
      return findLive((entry) => entry.model === model && entry.payload.userCode === userCode);
    },
    async consume(id) {
      const entry = kept.get(`${model}:${id}`);
      if (entry !== undefined) entry.payload.consumed = Math.floor(now() / 1000);
    },
    async destroy(id) {
      kept.delete(`${model}:${id}`);
    },
    async revokeByGrantId(grantId) {
      // Its own kind alone: a sign-in in progress names the grant of whoever signed in before, and outlives it.
      for (const [key, entry] of kept)
        if (entry.model === model && entry.payload.grantId === grantId) kept.delete(key);
    },
  });
}
