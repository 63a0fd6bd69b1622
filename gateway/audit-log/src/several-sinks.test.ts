import { describe, expect, test } from 'vitest';
import { AppendError } from './append-error.ts';
import type { AuditLog } from './audit-log.ts';
import { severalSinks } from './several-sinks.ts';

interface Sink extends AuditLog {
  readonly leaves: string[];
  failing: boolean;
  closed: boolean;
}

function sink(first = 0n): Sink {
  const leaves: string[] = [];
  return {
    origin: 'a/b/c',
    leaves,
    failing: false,
    closed: false,
    get healthy() {
      return !this.failing;
    },
    async append(leaf) {
      if (this.failing) throw new AppendError('STORE_FAILED');
      return { origin: 'a/b/c', index: first + BigInt(leaves.push(Buffer.from(leaf).toString()) - 1) };
    },
    async close() {
      this.closed = true;
    },
  };
}

describe('severalSinks', () => {
  test('keeps a leaf in each, and gives the first one’s receipt', async () => {
    const [one, other] = [sink(), sink(100n)];
    const log = severalSinks(one, [other]);
    expect(await log.append(Buffer.from('x'))).toEqual({ origin: 'a/b/c', index: 0n });
    expect([one.leaves, other.leaves]).toEqual([['x'], ['x']]);
  });

  test.each([0, 1])('has not kept what sink %i has not, and is not well', async (broken) => {
    const sinks = [sink(), sink()] as const;
    const log = severalSinks(sinks[0], [sinks[1]]);
    sinks[broken === 0 ? 0 : 1].failing = true;
    await expect(log.append(Buffer.from('x'))).rejects.toThrow(AppendError);
    expect(log.healthy).toBe(false);
    sinks[broken === 0 ? 0 : 1].failing = false;
    expect(log.healthy).toBe(true);
    await log.append(Buffer.from('y'));
    for (const { leaves } of sinks) expect(leaves).toContain('y');
  });

  test('closes each, though one does not close', async () => {
    const [one, other] = [sink(), sink()];
    one.close = () => Promise.reject(new Error('no answer'));
    await expect(severalSinks(one, [other]).close()).rejects.toThrow('no answer');
    expect(other.closed).toBe(true);
  });
});
