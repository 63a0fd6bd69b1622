/**
 * A number as it is stored: people type theirs in groups, with hyphens and in lower case. Whoever looks one up and whoever
 * puts on record who was looked for have to see the same number.
 */
export function normaliseNumber(value: string): string {
  return value.replace(/[\s-]/g, '').toUpperCase();
}
