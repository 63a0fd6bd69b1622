/**
 * Values of the bench. Each says whose it is, which coordinate gave it and where it stood, so that wherever one turns
 * up it can be told who has leaked what: `~3:Home.line:homes.0~`.
 */
export interface Canary {
  /** Position in the world's children; `-` above any child. */
  readonly child: string;
  readonly coordinate: string;
  /** Fields and list indexes from the child down. */
  readonly trail: string;
}

const TEXT = /~([\w-]+):([\w.]+):([\w.]*)~/g;
const NUMBER = /(?<![\w.-])(1\d{9})(?![\w.-])/g;

export function canaryText({ child, coordinate, trail }: Canary): string {
  return `~${child}:${coordinate}:${trail}~`;
}

/** Whole numbers are canaries too; GraphQL's Int leaves room for ten digits beginning with one. */
export function canaryNumber(canary: Canary): number {
  return 1_000_000_000 + (hash(canaryText(canary)) % 1_000_000_000);
}

export function readCanary(text: string): Canary | undefined {
  const [match] = text.matchAll(TEXT);
  if (match === undefined) return undefined;
  const [, child = '', coordinate = '', trail = ''] = match;
  return { child, coordinate, trail };
}

/** Every canary in a text, whatever the text is. */
export function canariesIn(text: string): ReadonlySet<string> {
  return new Set([...(text.match(TEXT) ?? []), ...(text.match(NUMBER) ?? [])]);
}

/** FNV-1a, 32 bits: the bench must answer the same each time it is asked the same. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}
