import type { Pipeline } from './pipeline.ts';
import type { PipelineRequest, PipelineResponse } from './request.ts';
import { respondEnded } from './respond.ts';

/** What an operation came to on a transport that can carry several answers. */
export interface Delivery {
  /** Of the operation itself: the answer, what refused it, or, of a subscription, that it was opened. */
  readonly first: PipelineResponse;
  /** Of a subscription the answers that follow, one an event, as they are asked for; undefined where the first is all. */
  readonly following: AsyncGenerator<PipelineResponse, void, undefined> | undefined;
  /** Ends the subscription, also while its next event is waited for. */
  close(): void;
}

/**
 * Runs an operation, and where it is a subscription each of its events, through the pipeline. The next event is taken when
 * whoever carries the answers asks for it: none waits here.
 */
export async function deliver(pipeline: Pipeline, request: PipelineRequest): Promise<Delivery> {
  const first = await pipeline({ ...request, streams: true });
  const { subscription } = first;
  if (subscription === undefined) return { first, following: undefined, close: () => {} };

  const following = async function* (): AsyncGenerator<PipelineResponse, void, undefined> {
    try {
      for await (const event of subscription.events) {
        const response = await pipeline({ ...request, event });
        if (response.withheld === true) continue;
        yield response;
        // Refused whole: the account, the log or the facts; what comes next would be refused as well.
        if (response.status !== 200) return;
      }
    } catch (cause) {
      yield respondEnded(cause);
    } finally {
      subscription.close();
    }
  };
  return { first, following: following(), close: () => subscription.close() };
}
