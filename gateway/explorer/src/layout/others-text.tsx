import { revealed } from './unseen.ts';

/** What somebody else wrote, a name or a reason: its direction is its own, and nothing in it goes unseen. */
export function OthersText({ text }: { readonly text: string }) {
  return <bdi>{revealed(text)}</bdi>;
}
