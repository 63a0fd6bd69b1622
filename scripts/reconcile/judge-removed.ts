import type { Finding } from './finding.ts';
import type { Findings } from './findings.ts';
import type { EventPlace, FindsRemoved } from './removed-events.ts';
import type { Explained, ExplainedRequest } from './unanswered.ts';

/** Requests without event that seem to be no bypasses. */
export interface UnprovenRequests {
  readonly explained: Explained;
  readonly requests: readonly ExplainedRequest[];
}

/**
 * What oversight has read of the log was in it: a request whose event it knows is neither a bypass nor cut off by an
 * interruption. Findings of bypasses become such of removed events, and explained requests become findings.
 *
 * @returns What is still explained. What is under way may get its event yet, and is left alone.
 */
export async function withoutRemoved(
  { explained, requests }: UnprovenRequests,
  removed: FindsRemoved,
  found: Findings,
): Promise<UnprovenRequests> {
  const bypasses = found.first.filter(({ kind }) => kind === 'BYPASS');
  const settled = requests.filter(({ why }) => why === 'BOOT_ENDED' || why === 'STORE_LOST');
  const places = await removed([...bypasses, ...settled]);
  for (const bypass of bypasses) {
    const place = places.get(bypass.jti);
    if (place !== undefined) found.replace(bypass, { ...bypass, ...removedAt(place) });
  }
  const gone = settled.filter(({ jti }) => places.has(jti));
  for (const { subgraph, jti, evt, at, practitioner, operation } of gone) {
    const request = { subgraph, jti, evt, at, practitioner, operation, children: [], coordinates: [] };
    found.add({ ...request, ...removedAt(places.get(jti) as EventPlace) });
  }
  const count = (cause: ExplainedRequest['why']) => gone.filter(({ why }) => why === cause).length;
  return {
    explained: {
      ...explained,
      bootEnded: explained.bootEnded - count('BOOT_ENDED'),
      storeLost: explained.storeLost - count('STORE_LOST'),
    },
    requests: requests.filter((request) => !gone.includes(request)),
  };
}

function removedAt({ origin, index }: EventPlace): Pick<Finding, 'kind' | 'iss' | 'index'> {
  return { kind: 'REMOVED_EVENT', iss: origin, index };
}
