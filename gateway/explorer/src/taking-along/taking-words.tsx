import type { Said } from './use-taking-along.ts';

/** Beside the buttons: that it is put on record, and then what became of it. */
export function TakingWords({ said }: { readonly said: Said | undefined }) {
  return (
    <p className="hint" role={said?.isProblem === true ? 'alert' : 'status'}>
      {said?.text ?? 'Copying and printing are put on record.'}
    </p>
  );
}
