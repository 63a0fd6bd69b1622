import type { Traces } from './bench.ts';
import { canariesIn, readCanary } from './canary.ts';

/** Coordinates of which a value stands in the answer, each once, sorted. */
export function valuesIn({ text }: Pick<Traces, 'text'>): string[] {
  const coordinates = [...canariesIn(text)].map((canary) => readCanary(canary)?.coordinate ?? 'a number');
  return [...new Set(coordinates)].sort();
}

/** `child.name SCOPE`, sorted; the error's code where it has no reason. */
export function refusalsIn({ response }: Pick<Traces, 'response'>): string[] {
  return (response.body.errors ?? [])
    .map(({ path = [], extensions }) => `${path.join('.')} ${extensions?.['reason'] ?? extensions?.['code']}`)
    .sort();
}

/** What agencies were sent, as text. */
export function sentIn({ requests }: Traces): string[] {
  return requests.map(({ agency, query }) => `${agency} ${query}`);
}
