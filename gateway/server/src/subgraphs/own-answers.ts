import type { SubjectDecision } from '@contactpoint/audit-log/access-event';
import * as v from 'valibot';
import type { SystemRequests } from './system-request.ts';

/** What oversight knows of answers that somebody was given. */
export interface OwnAnswers {
  /**
   * @param practitionerId Who has to be the one that it was given to.
   * @param evt Digest of the access event under which it is asked.
   * @param onQuestion Told the `jti` of the question before it is sent.
   * @returns What of which children was released by it; undefined where there is no such answer of theirs.
   * @throws Error when oversight cannot be asked.
   */
  find(
    practitionerId: string,
    receipt: { readonly origin: string; readonly index: string },
    evt: string,
    onQuestion: (jti: string) => void,
  ): Promise<readonly ReleasedSubject[] | undefined>;
}

export type ReleasedSubject = Pick<SubjectDecision, 'child' | 'released'>;

const Answer = v.object({
  subjects: v.nullable(v.array(v.object({ child: v.string(), released: v.array(v.string()) }))),
});

/** @param url Base URL of oversight. */
export function createOwnAnswers(requests: SystemRequests, url: string): OwnAnswers {
  return {
    async find(practitionerId, { origin, index }, evt, onQuestion) {
      const route = { aud: 'oversight', url, path: '/answers/own' };
      const answer = await requests.send(route, { practitionerId, origin, index }, evt, onQuestion);
      return v.parse(Answer, answer).subjects ?? undefined;
    },
  };
}
