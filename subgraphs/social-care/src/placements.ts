import type { CareEpisode } from './record.ts';

/** One stay in one place, as the contract shows it. */
export interface Placement {
  readonly from: string;
  readonly to: string | null;
  readonly type: string | null;
  readonly provider: string | null;
  readonly postcode: string | null;
  readonly endReason: string | null;
}

/** SSDA903 RNE: the legal status changed and nothing else, so that the child stays where it is. */
const LEGAL_STATUS_ONLY = 'L';
/** SSDA903 REC: the episode ceased because another began. */
const ANOTHER_BEGINS = 'X1';

/**
 * Placements of one child out of its episodes: an episode that only changes the legal status goes on with the placement
 * of the one before.
 *
 * @param episodes Oldest first.
 */
export function placementsOf(episodes: readonly CareEpisode[]): Placement[] {
  const placements: Placement[] = [];
  for (const episode of episodes) {
    const before = placements.at(-1);
    const staysPut =
      episode.startReason === LEGAL_STATUS_ONLY &&
      before?.to === episode.startedOn &&
      before.type === episode.placementType &&
      before.postcode === episode.postcode;
    const placement = placementOf(episode);
    if (staysPut) placements[placements.length - 1] = { ...placement, from: before.from };
    else placements.push(placement);
  }
  return placements;
}

function placementOf(episode: CareEpisode): Placement {
  return {
    from: episode.startedOn,
    to: episode.endedOn,
    type: episode.placementType,
    provider: episode.provider,
    postcode: episode.postcode,
    endReason: endReasonOf(episode),
  };
}

/** Why the child left care, or else why it left the placement: SSDA903 REC and REASON_PLACE_CHANGE share no code. */
function endReasonOf({ endedOn, endReason, placementChangeReason }: CareEpisode): string | null {
  if (endedOn === null) return null;
  return endReason === null || endReason === ANOTHER_BEGINS ? placementChangeReason : endReason;
}
