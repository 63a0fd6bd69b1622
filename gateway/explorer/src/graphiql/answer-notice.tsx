import { RefusalNotice } from '../asking/refusal-notice.tsx';
import { useLastRun } from './last-run.ts';

/** What the last answer says in codes, in words, above the editor. */
export function AnswerNotice() {
  const run = useLastRun();
  return run === undefined ? null : <RefusalNotice answer={run.answer} />;
}
