import * as v from 'valibot';
import type { SystemRequests } from './system-request.ts';

/** Under which numbers the directory knows children. */
export interface ChildNumbers {
  /**
   * Never believed for longer than one operation: a merge that somebody took back links nobody any more.
   *
   * @param evt Digest of the access event under which it is asked.
   * @param onQuestion Told the `jti` of each question before it is sent.
   * @returns All numbers of each child, by the number that was asked for.
   * @throws Error when the directory cannot be asked, or left a child out.
   */
  find(
    children: readonly string[],
    evt: string,
    onQuestion: (jti: string) => void,
  ): Promise<Readonly<Record<string, readonly string[]>>>;
}

/** Children in one question, as `POST /numbers` allows. */
const LARGEST_QUESTION = 100;

const Answer = v.object({ numbers: v.record(v.string(), v.array(v.string())) });

/** @param url Base URL of the directory. */
export function createChildNumbers(requests: SystemRequests, url: string): ChildNumbers {
  return {
    async find(children, evt, onQuestion) {
      const found = new Map<string, readonly string[]>();
      for (let start = 0; start < children.length; start += LARGEST_QUESTION) {
        const asked = children.slice(start, start + LARGEST_QUESTION);
        const answer = await requests.send(
          { aud: 'directory', url, path: '/numbers' },
          { children: asked },
          evt,
          onQuestion,
        );
        const { numbers } = v.parse(Answer, answer);
        for (const child of asked) {
          const known = Object.hasOwn(numbers, child) ? numbers[child] : undefined;
          if (!known?.includes(child)) throw new Error('The directory left a child out of its numbers');
          found.set(child, known);
        }
      }
      return Object.fromEntries(found);
    },
  };
}
