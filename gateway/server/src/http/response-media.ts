/**
 * Media types of an answer, the better known first.
 *
 * @see https://graphql.github.io/graphql-over-http/draft/#sec-Media-Types
 */
const MEDIA = ['application/json', 'application/graphql-response+json'] as const;

export type ResponseMedia = (typeof MEDIA)[number];

/** A range of `Accept`, RFC 9110 §12.5.1. */
interface Range {
  readonly type: string;
  /** From 0, not acceptable, to 1. */
  readonly quality: number;
  readonly place: number;
}

/** Media by `Accept` as it was sent: clients send the same one each time. */
const known = new Map<string, ResponseMedia>();

const REMEMBERED = 200;

/**
 * What a caller would rather have; of two that they want as much, the one that they name first. Who takes neither gets
 * JSON, as RFC 9110 §12.5.1 allows: an operation may have been done, and a receipt is due.
 *
 * @param accept The header; a caller who sends none takes JSON.
 */
export function responseMedia(accept: string | undefined): ResponseMedia {
  if (accept === undefined || accept === '') return 'application/json';
  const remembered = known.get(accept);
  if (remembered !== undefined) return remembered;
  const media = choose(rangesOf(accept));
  if (known.size >= REMEMBERED) known.clear();
  if (accept.length < 500) known.set(accept, media);
  return media;
}

/** Whether a caller who names it takes a stream of events. A client that takes anything has not said so. */
export function acceptsEventStream(accept = ''): boolean {
  return accept.includes('event-stream') && takes(accept, ({ type }) => type === 'text/event-stream');
}

/** Whether a caller who names media types takes JSON. */
export function acceptsJson(accept = ''): boolean {
  const types: ReadonlySet<string> = new Set([...MEDIA, 'application/*', '*/*']);
  return takes(accept, ({ type }) => types.has(type));
}

function takes(accept: string, isMeant: (range: Range) => boolean): boolean {
  return rangesOf(accept).some((range) => range.quality > 0 && isMeant(range));
}

function choose(ranges: readonly Range[]): ResponseMedia {
  const offers = MEDIA.flatMap((media) => {
    const range = mostSpecific(ranges, media);
    return range === undefined || range.quality === 0 ? [] : [{ media, ...range }];
  });
  offers.sort((a, b) => b.quality - a.quality || a.place - b.place);
  return offers[0]?.media ?? 'application/json';
}

function mostSpecific(ranges: readonly Range[], media: ResponseMedia): Range | undefined {
  for (const type of [media, 'application/*', '*/*']) {
    const range = ranges.find((each) => each.type === type);
    if (range !== undefined) return range;
  }
  return undefined;
}

function rangesOf(accept: string): Range[] {
  return accept.split(',').map((range, place) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const quality = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    return { type, quality: quality >= 0 && quality <= 1 ? quality : 0, place };
  });
}
