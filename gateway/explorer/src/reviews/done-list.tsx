import type { Answer } from '../asking/answer.ts';
import { ReceiptLine } from '../asking/receipt-line.tsx';

/** What was done here, in words, and where it stands in the log. */
export interface Done {
  readonly what: string;
  readonly receipt: Answer['receipt'];
}

/** Read out as it grows; gone with the session. */
export function DoneList({ done }: { readonly done: readonly Done[] }) {
  return (
    <div role="status" className="done">
      {done.length === 0 ? null : (
        <ul>
          {done.map(({ what, receipt }, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows.
            <li key={place}>
              {what} <ReceiptLine receipt={receipt} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
