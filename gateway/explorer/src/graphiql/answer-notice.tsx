import { RefusalNotice } from '../asking/refusal-notice.tsx';
import { useAnswered } from './answered.ts';

/** What the last answer says in codes, in words, above the editor. */
export function AnswerNotice() {
  const answered = useAnswered();
  return answered === undefined ? null : <RefusalNotice answer={answered.answer} />;
}
