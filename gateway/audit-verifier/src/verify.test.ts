import { generateKeyPairSync } from 'node:crypto';
import { readLogKeys, readWitnessKeys } from '@contactpoint/audit-log/log-keys';
import { leafHash } from '@contactpoint/audit-log/merkle';
import { ed25519Signer } from '@contactpoint/audit-log/signed-note';
import { describe, expect, test } from 'vitest';
import { readKnownCheckpoints } from './known-checkpoints.ts';
import { showReport } from './show-report.ts';
import { makeSample, rootOf, type SampleBoot, type SampleDeployment } from './testing/sample-deployment.ts';
import { verify } from './verify.ts';

const BOOTS: readonly SampleBoot[] = [
  { instance: 'gateway-1', leaves: 3, checkpoints: [1, 3] },
  { instance: 'gateway-1', leaves: 700, checkpoints: [1, 255, 256, 257, 512, 700] },
  { instance: 'gateway-1', leaves: 40, checkpoints: [8, 37] },
  { instance: 'import', leaves: 2, checkpoints: [2] },
];

/** Long after the leaves of a sample, so that their terms are over. */
const NOW = new Date('2034-01-01T00:00:00Z');

async function verifySample(sample: SampleDeployment) {
  return await verify({
    source: sample.source(),
    keys: readLogKeys(sample.keys),
    witnesses: readWitnessKeys(sample.witnessKeys),
    now: NOW,
  });
}

async function faultsOf(sample: SampleDeployment): Promise<string[]> {
  const { faults } = await verifySample(sample);
  return faults.map(({ code, origin, index }) => `${code} ${origin.split('/')[1]} ${index ?? '-'}`);
}

describe('a sound deployment', () => {
  test('is found sound, and says what was looked at', async () => {
    const report = await verifySample(makeSample(BOOTS));
    expect(report.faults).toEqual([]);
    expect(report.sound).toBe(true);
    const [aggregate, first, second, third, imported] = report.logs;
    expect(aggregate).toMatchObject({
      leaves: 11,
      checkpoints: 3,
      covered: 11,
      cosigned: { 'witness.example': { checkpoints: 3, size: 11, behind: { leaves: 0, checkpoints: 0 } } },
    });
    expect(first).toMatchObject({ leaves: 3, checkpoints: 2, covered: 3, openIntents: 0 });
    expect(second).toMatchObject({ leaves: 700, checkpoints: 6, covered: 700, pruned: 0, openIntents: 0 });
    // The last checkpoint covers 37 of 40.
    expect(third).toMatchObject({ leaves: 40, covered: 37, openIntents: 0 });
    expect(imported).toMatchObject({ leaves: 2, covered: 2 });
    expect(report.leaves).toBe(756);
  });

  test('names an intent that has no outcome, which is no fault', async () => {
    const report = await verifySample(makeSample([{ instance: 'gateway-1', leaves: 6, checkpoints: [6] }]));
    expect(report.sound).toBe(true);
    expect(report.logs[1]).toMatchObject({ openIntents: 1, firstOpenIntents: [5] });
  });
});

describe('a leaf', () => {
  test('that was changed is named', async () => {
    const sample = makeSample(BOOTS);
    sample.log('gateway-1', 1).leaves[300] = Buffer.from('{"kind":"access"}');
    expect(await faultsOf(sample)).toEqual(['LEAF gateway-1 300']);
  });

  test('that was changed together with its hash does not make the head that was signed', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    const leaf = Buffer.from('{"kind":"access"}');
    log.leaves[300] = leaf;
    log.hashes[300] = leafHash(leaf);
    // Agreed up to 257: the first bad leaf is not before that. The boot after it found another head.
    expect(await faultsOf(sample)).toEqual([
      'TREE_HEAD gateway-1 257',
      'TREE_HEAD gateway-1 257',
      'BOOT_CHAIN gateway-1 -',
    ]);
  });

  test.each([
    ['removed', (leaves: unknown[]) => leaves.splice(300, 1)],
    ['put in twice', (leaves: unknown[]) => leaves.splice(300, 0, leaves[300])],
    ['exchanged with the next', (leaves: unknown[]) => leaves.splice(300, 2, leaves[301], leaves[300])],
  ])('that was %s does not make the head that was signed', async (_how, change) => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    change(log.leaves);
    change(log.hashes);
    expect((await faultsOf(sample))[0]).toBe('TREE_HEAD gateway-1 257');
  });

  test('that is gone without an event that says so is named', async () => {
    const sample = makeSample(BOOTS);
    sample.log('gateway-1', 1).leaves[300] = undefined;
    expect(await faultsOf(sample)).toEqual(['PRUNED gateway-1 300']);
  });

  const recordPruning = (sample: SampleDeployment, pruned: object, at = '2033-11-30T01:00:00.000Z') => {
    const { origin } = sample.log('gateway-1', 1);
    const before = '2027-11-30T00:00:00.000Z';
    const leaf = Buffer.from(
      JSON.stringify({ version: 1, kind: 'prune', at, pruned: { origin, before, ...pruned } }),
    );
    const retention = sample.log('import');
    retention.leaves.push(leaf);
    retention.hashes.push(leafHash(leaf));
  };
  const forget = (sample: SampleDeployment, ...indexes: number[]) => {
    for (const index of indexes) sample.log('gateway-1', 1).leaves[index] = undefined;
  };

  test('that is gone is named, unless an event names it: another one’s pruning is none of its own', async () => {
    const sample = makeSample(BOOTS);
    recordPruning(sample, { count: 4, indexes: '300-302,699' });
    recordPruning(sample, { count: 2, indexes: '301,303' });
    forget(sample, 300, 301, 303, 699);
    const report = await verifySample(sample);
    expect(report.faults).toEqual([]);
    expect(report.logs[2]).toMatchObject({
      pruned: 4,
      prunedRanges: [
        [300, 301],
        [303, 303],
        [699, 699],
      ],
      prunedBy: [`${sample.log('import').origin} 2`, `${sample.log('import').origin} 3`],
    });
    expect(showReport(report)).toContain(
      `${sample.log('gateway-1', 1).origin}: 4 events are pruned: 300-301,303,699\n  named by ${sample.log('import').origin} 2, `,
    );
    // One that may be gone is still there, and answers for no other.
    forget(sample, 304);
    expect(await faultsOf(sample)).toEqual(['PRUNED gateway-1 304']);
    forget(sample, 2);
    expect(await faultsOf(sample)).toEqual(['PRUNED gateway-1 2']);
  });

  test('that is gone is named, also where an event that cannot be read counts it', async () => {
    const sample = makeSample(BOOTS);
    recordPruning(sample, { count: 1, indexes: 'all' });
    forget(sample, 300);
    expect(await faultsOf(sample)).toEqual(['PRUNED gateway-1 300']);
  });

  test('that an event names is not among those that a former event counts', async () => {
    const sample = makeSample(BOOTS);
    recordPruning(sample, { count: 1 });
    recordPruning(sample, { count: 1, indexes: '302' });
    forget(sample, 300, 302);
    expect(await faultsOf(sample)).toEqual([]);
    forget(sample, 304);
    expect(await faultsOf(sample)).toEqual(['PRUNED gateway-1 300']);
  });

  test('that is gone with a former event, which names none, is counted, and no more than it says', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    recordPruning(sample, { count: 2 });
    log.leaves[300] = undefined;
    log.leaves[302] = undefined;
    const report = await verifySample(sample);
    expect(report.faults).toEqual([]);
    expect(report.logs[2]).toMatchObject({
      leaves: 700,
      pruned: 2,
      prunedRanges: [
        [300, 300],
        [302, 302],
      ],
    });
    log.leaves[304] = undefined;
    expect(await faultsOf(sample)).toEqual(['PRUNED gateway-1 300']);
  });

  test.each([
    ['is of after the moment that the event names', { before: '2026-11-20T00:00:00.000Z' }, undefined],
    ['went within the first year', { before: '2033-11-29T00:00:00.000Z' }, undefined],
    ['is to go some time', { before: '2034-06-01T00:00:00.000Z' }, '2036-01-01T00:00:00.000Z'],
    ['the event names without a moment', { before: undefined }, undefined],
    ['the event names at no moment', {}, 'yesterday'],
  ])('that %s is gone without reason, whatever is on record', async (_case, pruned, at) => {
    for (const indexes of ['300', undefined]) {
      const sample = makeSample(BOOTS);
      recordPruning(sample, { count: 1, indexes, ...pruned }, at);
      forget(sample, 300);
      expect(await faultsOf(sample)).toEqual(['PRUNED gateway-1 300']);
    }
  });

  test('that went in its time excuses none that was kept later', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    const later = Buffer.from(String(log.leaves[399]).replace('2026-11-22', '2032-11-22'));
    log.leaves[399] = later;
    recordPruning(sample, { count: 2, indexes: '300,400' });
    forget(sample, 300);
    expect((await faultsOf(sample)).filter((fault) => fault.startsWith('PRUNED'))).toEqual([]);
    forget(sample, 400);
    expect(await faultsOf(sample)).toContain('PRUNED gateway-1 400');
  });

  test('that was cut off at the end is missed by every statement that knew it', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    log.leaves.length = 600;
    log.hashes.length = 600;
    expect(await faultsOf(sample)).toEqual([
      'TRUNCATED gateway-1 600',
      'TRUNCATED gateway-1 600',
      'BOOT_CHAIN gateway-1 600',
    ]);
  });
});

describe('a boot', () => {
  test('that was taken away is missed by the one after it and by the aggregate', async () => {
    const sample = makeSample(BOOTS);
    const taken = sample.log('gateway-1', 1);
    sample.logs.splice(sample.logs.indexOf(taken), 1);
    expect(await faultsOf(sample)).toEqual([
      'MISSING_LOG gateway-1 -',
      'MISSING_LOG gateway-1 -',
      'BOOT_CHAIN gateway-1 0',
    ]);
  });

  test('that was written to after the next one had begun is found by what the next one knew', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    log.leaves.push(log.leaves[5]);
    log.hashes.push(log.hashes[5] as Uint8Array);
    expect(await faultsOf(sample)).toEqual(['BOOT_CHAIN gateway-1 700']);
  });

  test('that says it is the first, and is not, is a second beginning', async () => {
    const sample = makeSample(BOOTS);
    const other = makeSample([{ instance: 'gateway-1', leaves: 40, checkpoints: [] }]).log('gateway-1');
    const log = sample.log('gateway-1', 2);
    log.leaves = other.leaves;
    log.hashes = other.hashes;
    expect(await faultsOf(sample)).toContain('BOOT_CHAIN gateway-1 0');
  });
});

describe('a checkpoint', () => {
  test('of another key is not signed', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    log.notes[3] = makeSample(BOOTS).log('gateway-1', 1).notes[3] as string;
    expect(await faultsOf(sample)).toEqual(['SIGNATURE gateway-1 -']);
  });

  test('of another head for the same leaves, signed, is a fork', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    log.notes.splice(5, 0, sample.sign(log.origin, 512, rootOf(log, 511)));
    expect(await faultsOf(sample)).toEqual(['FORK gateway-1 -']);
  });

  test('that the aggregate never got is found', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    log.notes.splice(5, 0, sample.sign(log.origin, 600, rootOf(log, 600)));
    expect(await faultsOf(sample)).toEqual(['NOT_AGGREGATED gateway-1 -']);
  });

  test('older than the newest that the aggregate knows is truncation', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    log.notes.length = 2;
    log.leaves.length = 255;
    log.hashes.length = 255;
    expect(await faultsOf(sample)).toEqual([
      'TRUNCATED gateway-1 255',
      'OLD_CHECKPOINT gateway-1 -',
      'BOOT_CHAIN gateway-1 255',
    ]);
  });

  test.each([
    ['the newest', 5, ['OLD_CHECKPOINT gateway-1 -']],
    ['the first', 0, ['MISSING_CHECKPOINT gateway-1 -']],
    ['one in between', 3, ['MISSING_CHECKPOINT gateway-1 -']],
  ])('that was taken away is missed by the aggregate: %s', async (_which, place, faults) => {
    const sample = makeSample(BOOTS);
    sample.log('gateway-1', 1).notes.splice(place, 1);
    expect(await faultsOf(sample)).toEqual(faults);
  });

  test('is missed also where all of them were taken away, of a log that nothing follows', async () => {
    const sample = makeSample(BOOTS);
    sample.log('import').notes = [];
    expect(await faultsOf(sample)).toEqual(['OLD_CHECKPOINT import -']);
  });

  test('that was published again, and so stands twice in the aggregate, is none too many and none too few', async () => {
    const sample = makeSample(BOOTS);
    for (const { notes } of [sample.log('gateway-1', 1), sample.log('import')]) {
      const leaf = Buffer.from(notes.at(-1) as string);
      sample.aggregate.leaves.push(leaf);
      sample.aggregate.hashes.push(leafHash(leaf));
    }
    expect(await faultsOf(sample)).toEqual([]);
  });

  test('in another order, or twice, is found', async () => {
    const sample = makeSample(BOOTS);
    const log = sample.log('gateway-1', 1);
    log.notes.splice(2, 0, log.notes[1] as string);
    expect(await faultsOf(sample)).toEqual(['CHECKPOINT_ORDER gateway-1 -']);
  });

  test.each(['+', ' ', '\u00a0'])(
    'that names a log as no key can be named, by %j, is found',
    async (sign) => {
      const sample = makeSample(BOOTS);
      const log = sample.log('gateway-1', 1);
      log.notes.splice(0, 1, (log.notes[0] as string).replace('/gateway-1/', `/gateway${sign}1/`));
      expect(await faultsOf(sample)).toContain('NO_KEY gateway-1 -');
    },
  );

  test('is nothing without a key for its deployment', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const keys = readLogKeys(ed25519Signer('other.local', privateKey).verifierKey);
    const { faults } = await verify({ source: makeSample(BOOTS).source(), keys });
    expect(new Set(faults.map(({ code }) => code))).toEqual(new Set(['NO_KEY']));
  });
});

describe('what others kept', () => {
  test('of a deployment that was rolled back as a whole is what shows it', async () => {
    const sample = makeSample(BOOTS);
    const kept = sample.aggregate.notes.at(-1) as string;
    const rolledBack = makeSampleLike(sample, BOOTS.slice(0, 2));
    const keys = readLogKeys(sample.keys);
    expect((await verify({ source: rolledBack.source(), keys })).faults).toEqual([]);
    const known = await readKnownCheckpoints(kept, 'witness.txt', keys);
    const { faults } = await verify({ source: rolledBack.source(), keys, known });
    expect(faults.map(({ code }) => code)).toEqual(['TRUNCATED']);
  });

  test('is a fork where the log has another head', async () => {
    const sample = makeSample(BOOTS);
    const { origin } = sample.aggregate;
    const keys = readLogKeys(sample.keys);
    const note = sample.sign(origin, 4, rootOf(sample.aggregate, 5));
    const known = await readKnownCheckpoints(note, 'witness.txt', keys);
    const { faults } = await verify({ source: sample.source(), keys, known });
    expect(faults.map(({ code }) => code)).toEqual(['FORK']);
  });
});

describe('a witness', () => {
  test('whose signature was changed is named', async () => {
    const sample = makeSample(BOOTS);
    const { notes } = sample.aggregate;
    notes[0] = swapWitness(notes[0] as string, notes[1] as string);
    expect(await faultsOf(sample)).toEqual(['COSIGNATURE aggregate -']);
  });

  test('whose newest cosignature is old shows in the report: when it was, and what has come since', async () => {
    const sample = makeSample(BOOTS);
    const { notes } = sample.aggregate;
    notes[2] = withoutWitness(notes[2] as string);
    const report = await verifySample(sample);
    expect(report.sound).toBe(true);
    const witness = report.logs[0]?.cosigned['witness.example'];
    expect(witness).toMatchObject({ checkpoints: 2, size: 6, behind: { leaves: 5, checkpoints: 1 } });
    expect(witness?.at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(showReport(report)).toContain(
      `has signed 2 checkpoints, up to 6, last at ${witness?.at}; not the newest 1, with 5 events more`,
    );
  });

  test('who signed nothing vouches for nothing', async () => {
    const sample = makeSample(BOOTS);
    const { faults } = await verify({
      source: sample.source(),
      keys: readLogKeys(sample.keys),
      witnesses: readWitnessKeys(makeSample([]).witnessKeys),
    });
    expect(faults.map(({ code }) => code)).toEqual(['COSIGNATURE']);
  });
});

/** The same logs under the same key, only fewer of them. */
function makeSampleLike(sample: SampleDeployment, boots: readonly SampleBoot[]): SampleDeployment {
  const shorter = makeSample(boots);
  for (const log of shorter.logs) {
    if (log === shorter.aggregate) continue;
    log.notes = log.notes.map((note) => resign(sample, log, note));
  }
  shorter.aggregate.leaves = shorter.logs
    .slice(0, -1)
    .flatMap(({ notes }) => notes.map((note) => Buffer.from(note)));
  shorter.aggregate.hashes = shorter.aggregate.leaves.map((leaf) => leafHash(leaf as Uint8Array));
  shorter.aggregate.notes = shorter.aggregate.notes.map((note) => resign(sample, shorter.aggregate, note));
  return shorter;
}

function resign(
  sample: SampleDeployment,
  log: { origin: string; hashes: Uint8Array[] } & Parameters<typeof rootOf>[0],
  note: string,
): string {
  const size = Number(note.split('\n')[1]);
  return sample.sign(log.origin, size, rootOf(log, size));
}

function withoutWitness(note: string): string {
  return `${note.split('\n').slice(0, -2).join('\n')}\n`;
}

function swapWitness(note: string, other: string): string {
  return `${note.split('\n').slice(0, -2).join('\n')}\n${other.split('\n').at(-2)}\n`;
}
