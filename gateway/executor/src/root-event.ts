import type { FetchStep } from './planning/plan-step.ts';
import type { SubgraphAnswer } from './subgraphs/subgraph-answer.ts';

/** What a subgraph said of one event, as it came. Opaque: what may be known of it is known once it was executed. */
export class RootEvent {
  readonly #query: string;
  readonly #answer: SubgraphAnswer;

  constructor(query: string, answer: SubgraphAnswer) {
    this.#query = query;
    this.#answer = answer;
  }

  /** @throws TypeError where it was asked for by another text: the keys of its data would be another plan's. */
  answerTo(step: FetchStep): SubgraphAnswer {
    if (step.text.query !== this.#query) throw new TypeError('The event belongs to another plan');
    return this.#answer;
  }
}
