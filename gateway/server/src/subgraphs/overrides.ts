import { overrideDigest } from '@contactpoint/access/grant';
import type { OverrideAnswer, OverrideRequest } from '@contactpoint/access/override';
import * as v from 'valibot';
import { createBatchedQuestion } from './batched-question.ts';
import type { FactsCaller } from './facts.ts';
import type { GrantSigner } from './grants.ts';

/** Break-glass windows, which accreditation keeps. */
export interface Overrides {
  /**
   * Opens a window for the caller and the child, or finds the one that is open. Durable when this resolves; its name is
   * the caller's `evt` where it was opened now.
   *
   * @param onQuestion Told the `jti` of the question before it is sent.
   * @throws Error when accreditation cannot be asked; the window may have been opened all the same.
   */
  open(caller: FactsCaller, childId: string, onQuestion: (jti: string) => void): Promise<OverrideAnswer>;
  close(): Promise<void>;
}

export const OverrideWindowShape = v.object({ child: v.string(), evt: v.string(), until: v.string() });

const Answer = v.union([
  v.object({ window: OverrideWindowShape }),
  v.object({ refused: v.picklist(['REVIEW_OVERDUE', 'REVIEWS_OWED', 'NO_ACCOUNT']) }),
]);

export function createOverrides(options: {
  /** Base URL of accreditation. */
  readonly url: string;
  readonly timeout: number;
  readonly grants: GrantSigner;
  readonly now: () => Date;
}): Overrides {
  const { grants, now } = options;
  const question = createBatchedQuestion<OverrideRequest, OverrideAnswer>({
    url: new URL('/overrides', options.url).href,
    timeout: options.timeout,
    read: (answer) => v.parse(Answer, answer),
  });
  return {
    async open(caller, childId, onQuestion) {
      const content = { ...caller, aud: 'accreditation', body: overrideDigest(childId), children: {} };
      const { grant, jti } = grants.sign(content, now());
      onQuestion(jti);
      const answer = await question.ask({ childId, accessGrant: grant });
      if ('window' in answer && answer.window.child !== childId)
        throw new Error('Accreditation opened a window for another child');
      return answer;
    },
    close: () => question.close(),
  };
}
