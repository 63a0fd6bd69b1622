import type { Changed } from '@contactpoint/access/change';
import { beforeEach, describe, expect, test } from 'vitest';
import { type ChangeWatch, createChangeWatch, SILENCE } from './change-watch.ts';

let clock: number;
let changes: Changed[];
let watch: ChangeWatch;
let sequences: Map<string, number>;

beforeEach(() => {
  clock = 1_000;
  changes = [];
  sequences = new Map();
  watch = createChangeWatch({
    subgraphs: ['directory', 'accreditation'],
    now: () => clock,
    onChange: (changed) => changes.push(changed),
  });
});

/** The publisher's next message; `lost` says how many before it never arrived. */
function tell(publisher: string, changed?: Changed, lost = 0): void {
  const sequence = (sequences.get(publisher) ?? 0) + 1 + lost;
  sequences.set(publisher, sequence);
  const subgraph = publisher.replace(/-\d+$/, '');
  watch.heard({ subgraph, publisher, sequence, at: 0, ...(changed === undefined ? {} : { changed }) });
}

/** Heartbeats and probes of all, half a second apart. */
function live(milliseconds: number, publishers = ['directory-1', 'accreditation-1']): void {
  for (const end = clock + milliseconds; clock < end; clock += 500) {
    for (const publisher of publishers) tell(publisher);
    watch.probed(clock);
  }
}

describe('createChangeWatch', () => {
  test('nothing is proven at first, and everything from when the last proof came in', () => {
    expect(watch.pushedSince()).toBeUndefined();
    tell('directory-1');
    watch.probed(clock);
    clock = 1_200;
    expect(watch.pushedSince()).toBeUndefined();
    tell('accreditation-1');
    expect(watch.pushedSince()).toBe(1_200);
    live(5_000);
    expect(watch.pushedSince()).toBe(1_200);
  });

  test.each<[string, () => void]>([
    ['the directory', () => live(SILENCE + 501, ['accreditation-1'])],
    ['accreditation', () => live(SILENCE + 501, ['directory-1'])],
    [
      'its own probes',
      () => {
        for (const end = clock + SILENCE + 501; clock < end; clock += 500) {
          tell('directory-1');
          tell('accreditation-1');
        }
      },
    ],
    [
      'probes that come back late',
      () => {
        for (const end = clock + SILENCE + 501; clock < end; clock += 500) {
          tell('directory-1');
          tell('accreditation-1');
          watch.probed(clock - SILENCE - 1);
        }
      },
    ],
  ])('ends with the silence of %s', (_case, happen) => {
    live(3_000);
    happen();
    expect(watch.pushedSince()).toBeUndefined();
  });

  test('a silence that is over was a break: proven only from its end', () => {
    live(3_000);
    clock += SILENCE - 500;
    expect(watch.pushedSince()).toBe(1_000);
    clock += 1;
    const end = clock;
    live(1_000);
    expect(watch.pushedSince()).toBe(end);
  });

  test('passes changes on, and a heartbeat changes nothing', () => {
    live(1_000);
    changes.length = 0;
    tell('directory-1', { children: ['A'] });
    tell('directory-1');
    tell('accreditation-1', { practitioners: ['p'] });
    expect(changes).toEqual([{ children: ['A'] }, { practitioners: ['p'] }]);
  });

  test('a gap means that anything may have changed', () => {
    live(1_000);
    changes.length = 0;
    tell('directory-1', undefined, 1);
    expect(changes).toEqual(['everything']);
    expect(watch.pushedSince()).toBe(clock);
  });

  test('so does a publisher that is new', () => {
    live(1_000);
    changes.length = 0;
    tell('directory-2', { children: ['A'] });
    expect(changes).toEqual(['everything']);
    expect(watch.pushedSince()).toBe(clock);
  });

  test('a message that comes twice, or again later, is neither a change nor a sign of life', () => {
    live(1_000);
    changes.length = 0;
    for (let again = 0; again < 10; again += 1) {
      clock += 500;
      watch.heard({
        subgraph: 'directory',
        publisher: 'directory-1',
        sequence: 2,
        at: 0,
        changed: 'everything',
      });
      tell('accreditation-1');
      watch.probed(clock);
    }
    expect(changes).toEqual([]);
    expect(watch.pushedSince()).toBeUndefined();
  });

  test('of two processes of a subgraph one may go', () => {
    live(2_000, ['directory-1', 'directory-2', 'accreditation-1']);
    const since = watch.pushedSince();
    live(5_000, ['directory-2', 'accreditation-1']);
    expect(watch.pushedSince()).toBe(since);
  });

  test('a lost subscription forgets everything and proves itself anew', () => {
    live(2_000);
    changes.length = 0;
    watch.lost();
    expect(changes).toEqual(['everything']);
    expect(watch.pushedSince()).toBeUndefined();
    watch.probed(clock);
    expect(watch.pushedSince()).toBeUndefined();
    tell('directory-1');
    tell('accreditation-1');
    expect(watch.pushedSince()).toBe(clock);
  });
});
