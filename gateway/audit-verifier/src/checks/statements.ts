import type { Hash } from '@contactpoint/audit-log/merkle';
import type { Findings } from '../findings.ts';
import type { HeadStatement } from '../head-statement.ts';
import type { HeadSequence } from './tree-heads.ts';

/** What others than the deployment keep of a log's heads, a witness or a reviewer who was there before. */
export class Statements implements HeadSequence {
  readonly #origin: string;
  readonly #statements: readonly HeadStatement[];
  readonly #findings: Findings;
  #position = 0;

  constructor(origin: string, statements: readonly HeadStatement[], findings: Findings) {
    this.#origin = origin;
    this.#statements = statements.toSorted((one, other) => one.size - other.size);
    this.#findings = findings;
  }

  get size(): number {
    return this.#statements[this.#position]?.size ?? Number.POSITIVE_INFINITY;
  }

  take(root: Hash): void {
    const statement = this.#statements[this.#position] as HeadStatement;
    if (Buffer.compare(statement.root, root) !== 0) {
      const message = `${statement.by} has another head at ${statement.size}`;
      this.#findings.add({ code: 'FORK', origin: this.#origin, message });
    }
    this.#position++;
  }

  exceed(leaves: number): void {
    const { by, size } = this.#statements[this.#position] as HeadStatement;
    const message = `${by} has a head at ${size}, and there are ${leaves} leaves`;
    this.#findings.add({ code: 'TRUNCATED', origin: this.#origin, index: leaves, message });
  }
}
