import { londonDate } from '@contactpoint/access/calendar-date';
import type { Changed } from '@contactpoint/access/change';
import type { Facts, FactsRequest } from '@contactpoint/access/facts';
import { factsDigest } from '@contactpoint/access/grant';
import * as v from 'valibot';
import { createBatchedQuestion } from './batched-question.ts';
import { BriefCache } from './brief-cache.ts';
import type { GrantContent, GrantSigner } from './grants.ts';

/** What the directory knows of a practitioner and children. */
export interface FactsSource {
  /**
   * @param caller The claims of the caller's grants; `body` and `children` are set here.
   * @param onQuestion Told the `jti` of each question before it is sent.
   * @param anew True where answers from before this call will not do.
   * @returns Facts of each of the children.
   * @throws Error when the directory cannot be asked.
   */
  find(
    caller: FactsCaller,
    children: readonly string[],
    onQuestion: (jti: string) => void,
    anew?: boolean,
  ): Promise<ReadonlyMap<string, Facts>>;
  /** Believes nothing any longer that was asked for until now about children who have changed. */
  forget(changed: Changed): void;
  close(): Promise<void>;
}

export type FactsCaller = Omit<GrantContent, 'aud' | 'body' | 'children'>;

/** Children in one question, as `FactsRequest` allows. */
const LARGEST_QUESTION = 500;

const Answer = v.record(
  v.string(),
  v.object({
    relationship: v.picklist(['ALLOCATED', 'TEAM', 'NONE']),
    shielded: v.boolean(),
    ownRecord: v.boolean(),
  }),
);

export function createFactsSource(options: {
  /** Base URL of the directory. */
  readonly url: string;
  readonly timeout: number;
  readonly grants: GrantSigner;
  readonly now: () => Date;
  readonly monotonic: () => number;
  /** As `ChangeWatch.pushedSince`. */
  readonly pushedSince?: () => number | undefined;
}): FactsSource {
  const { grants, now, monotonic } = options;
  const cache = new BriefCache<Facts>(monotonic, options.pushedSince);
  const question = createBatchedQuestion<FactsRequest, Readonly<Record<string, Facts>>>({
    url: new URL('/facts', options.url).href,
    timeout: options.timeout,
    read: (answer) => v.parse(Answer, answer),
  });

  const ask = async (
    caller: FactsCaller,
    children: readonly string[],
    onQuestion: (jti: string) => void,
  ): Promise<[string, Facts][]> => {
    const askedAt = monotonic();
    const today = londonDate(now());
    const asked = { practitionerId: caller.sub, organisationId: caller.organisation, children };
    const content = { ...caller, aud: 'directory', body: factsDigest(asked), children: {} };
    const { grant, jti } = grants.sign(content, now());
    onQuestion(jti);
    const answer = await question.ask({ ...asked, accessGrant: grant });
    return children.map((child) => {
      // A child without an answer is not a child without a relationship: nothing is known, so nothing is decided.
      const facts = Object.hasOwn(answer, child) ? answer[child] : undefined;
      if (facts === undefined) throw new Error('The directory left a child out of its facts');
      cache.set(cacheKey(caller, child, today), facts, askedAt, [child]);
      return [child, facts];
    });
  };

  return {
    async find(caller, children, onQuestion, anew = false) {
      const facts = new Map<string, Facts>();
      const unknown: string[] = [];
      const today = londonDate(now());
      for (const child of new Set(children)) {
        const known = anew ? undefined : cache.get(cacheKey(caller, child, today));
        if (known === undefined) unknown.push(child);
        else facts.set(child, known);
      }

      const questions: Promise<[string, Facts][]>[] = [];
      for (let start = 0; start < unknown.length; start += LARGEST_QUESTION) {
        questions.push(ask(caller, unknown.slice(start, start + LARGEST_QUESTION), onQuestion));
      }
      for (const [child, known] of (await Promise.all(questions)).flat()) facts.set(child, known);
      return facts;
    },
    forget(changed) {
      if (changed === 'everything') cache.forgetAll();
      else cache.forget(changed.children ?? []);
    },
    close: () => question.close(),
  };
}

/**
 * Organisation and sector decide `ownRecord`, so facts are never shared between practitioners or their posts; and an
 * involvement may end with the day.
 */
function cacheKey(caller: FactsCaller, child: string, today: string): string {
  return `${caller.sub}\n${caller.organisation}\n${caller.sector}\n${child}\n${today}`;
}
