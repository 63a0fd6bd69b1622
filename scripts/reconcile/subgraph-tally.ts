import { type ClockSkew, SkewMeasure } from './clock-skew.ts';

/** What was read of one subgraph's journal. */
export interface SubgraphFigures {
  /** Requests journaled. */
  readonly requests: number;
  /** Children of them that nobody is: asked about in place of others, whose denial is silent. */
  readonly decoys: number;
  readonly clock: ClockSkew;
}

/** Figures of one subgraph, as they grow. */
export class SubgraphTally {
  readonly skew = new SkewMeasure();
  #requests = 0;
  #decoys = 0;

  countRequest(): void {
    this.#requests++;
  }

  countDecoys(count: number): void {
    this.#decoys += count;
  }

  get figures(): SubgraphFigures {
    return { requests: this.#requests, decoys: this.#decoys, clock: this.skew.figures };
  }
}
