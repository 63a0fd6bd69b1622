import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readNote } from '@contactpoint/audit-log/note-format';
import { aggregateOf } from '@contactpoint/audit-log/origin';
import { createPostgresTiles } from '@contactpoint/audit-log/postgres-tiles';
import { ed25519Signer, verifiedBy, verifierOf } from '@contactpoint/audit-log/signed-note';
import { consistencyPath, treeRoot } from '@contactpoint/audit-log/tiled-tree';
import pino from 'pino';
import { Agent } from 'undici';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPublished } from '../http/published.ts';
import { appendLeaves, createSigningBench, DEPLOYMENT, type SigningBench } from '../testing/signing-bench.ts';
import { createWitnessBench, type WitnessBench } from '../testing/witness-bench.ts';
import { createCosignatureStore } from './cosignatures.ts';
import { createWitnessClient, type WitnessClient, type WitnessFailure } from './witness-client.ts';

const AGGREGATE = aggregateOf(DEPLOYMENT);

/** For a machine that does other things. */
const PATIENT = { timeout: 10_000 };

let bench: SigningBench;
let witness: WitnessBench;
let client: WitnessClient;
let failures: WitnessFailure[];
const dispatcher = new Agent();

beforeEach(async () => {
  bench = await createSigningBench();
  const key = createPrivateKey(readFileSync(bench.keyFile));
  witness = await createWitnessBench([ed25519Signer(AGGREGATE, key).verifierKey]);
  client = clientOf(witness.url);
});

afterEach(async () => {
  await client.close();
  await witness[Symbol.asyncDispose]();
  await bench[Symbol.asyncDispose]();
});

function clientOf(url: string): WitnessClient {
  failures = [];
  const tiles = createPostgresTiles(bench.owner, AGGREGATE, 'aggregate_leaf');
  return createWitnessClient({
    witness: { name: 'witness.example/w1', url, verifier: verifierOf(witness.vkey) },
    dispatcher,
    prove: (from, to) => consistencyPath(tiles, from, to),
    store: createCosignatureStore(bench.owner, AGGREGATE),
    logger: pino({ level: 'silent' }),
    firstPause: 10,
    onCosigned: () => undefined,
    onFailure: (reason) => failures.push(reason),
  });
}

/** Signs so many rounds with a leaf each, and offers each checkpoint of the log of logs. */
async function signRounds(count: number): Promise<void> {
  const log = await bench.boot();
  const { rounds, session } = await bench.start();
  for (let round = 0; round < count; round++) {
    await appendLeaves(log, 1);
    const { aggregate } = await rounds.run(round === 0);
    if (aggregate !== undefined) client.offer(aggregate);
  }
  await Promise.all([log.close(), session.close()]);
}

async function cosignedSizes(): Promise<number[]> {
  const rows = await bench.owner<{ size: string }[]>`select size from cosignature order by size`;
  return rows.map(({ size }) => Number(size));
}

describe('a witness', () => {
  test('is asked for each newest checkpoint, and what it signed is published with it', async () => {
    await signRounds(5);
    await expect.poll(() => client.behind, PATIENT).toBe(0n);
    expect((await cosignedSizes()).at(-1)).toBe(5);
    const published = readPublished({ sql: bench.owner, deployment: DEPLOYMENT, quorum: 1 });
    const note = readNote((await published.checkpoint(AGGREGATE)) ?? '');
    expect(verifiedBy(note, [verifierOf(witness.vkey)])).toEqual(['witness.example/w1']);
    expect(bench.keys.vouchFor(AGGREGATE, (await published.checkpoint(AGGREGATE)) ?? '')).toBe(true);
  });

  test('that was gone is caught up with in one step', async () => {
    await signRounds(2);
    await expect.poll(() => client.behind, PATIENT).toBe(0n);
    await witness.stop();
    await signRounds(3);
    await expect.poll(() => failures, PATIENT).toContain('UNREACHABLE');
    expect(client.behind).toBeGreaterThan(0n);
    await witness.restart();
    await expect.poll(() => client.behind, PATIENT).toBe(0n);
    expect((await cosignedSizes()).at(-1)).toBe(5);
  });

  test('whose last answer was lost says what it knows, and is asked from there', async () => {
    await signRounds(3);
    await expect.poll(() => client.behind, PATIENT).toBe(0n);
    await client.close();
    await bench.owner.unsafe(
      'set session_replication_role = replica; delete from cosignature; reset session_replication_role',
    );
    client = clientOf(witness.url);
    await signRounds(2);
    await expect.poll(() => client.behind, PATIENT).toBe(0n);
    expect(failures).toEqual([]);
  });

  test('does not cosign the history of a log that was begun again under the same key', async () => {
    await signRounds(6);
    await expect.poll(() => client.behind, PATIENT).toBe(0n);
    await client.close();
    // Another history of the same log, shown by a client that knows nothing of the first.
    await bench.owner.unsafe(
      `set session_replication_role = replica; delete from cosignature; delete from aggregate_leaf;
       delete from tile; reset session_replication_role`,
    );
    await appendForged(bench.owner, 8);
    client = clientOf(witness.url);
    const root = await treeRoot(createPostgresTiles(bench.owner, AGGREGATE, 'aggregate_leaf'), 8n);
    client.offer(bench.keys.sign({ origin: AGGREGATE, size: 8n, root }));
    await expect.poll(() => failures, PATIENT).toContain('REFUSED');
    expect(await cosignedSizes()).toEqual([]);
  });

  test.each([
    [
      'a signature of something else',
      200,
      'text/plain',
      '— witness.example/w1 AAAAAAAAAAAAAAAAAAAAAA==\n',
      'BAD_ANSWER',
    ],
    ['a page', 200, 'text/html', '<p>Welcome</p>', 'BAD_ANSWER'],
    ['a size that is none', 409, 'text/x.tlog.size', 'many\n', 'BAD_ANSWER'],
    ['a size that was never signed', 409, 'text/x.tlog.size', '900\n', 'AHEAD'],
    ['an error', 500, 'text/plain', '', 'REFUSED'],
  ])('that answers with %s is believed nothing', async (_case, status, type, body, failure) => {
    const strange = await listening(
      createServer((request, response) => {
        request.resume().on('end', () => response.writeHead(status, { 'content-type': type }).end(body));
      }),
    );
    await client.close();
    client = clientOf(`http://127.0.0.1:${(strange.address() as AddressInfo).port}`);
    await signRounds(1);
    await expect.poll(() => failures, PATIENT).toContain(failure);
    expect(await cosignedSizes()).toEqual([]);
    await client.close();
    strange.closeAllConnections();
    await new Promise((closed) => strange.close(closed));
  });

  test('that says nothing holds nobody up', async () => {
    const silent = await listening(createServer(() => undefined));
    await client.close();
    client = clientOf(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    await signRounds(3);
    expect(client.behind).toBe(3n);
    await client.close();
    silent.closeAllConnections();
    await new Promise((closed) => silent.close(closed));
    expect(failures).toEqual([]);
  });
});

async function listening(server: Server): Promise<Server> {
  await new Promise<void>((open) => server.listen(0, '127.0.0.1', open));
  return server;
}

async function appendForged(owner: SigningBench['owner'], count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const leaf = Buffer.from(`forged ${index}`);
    await owner`insert into aggregate_leaf (origin, index, leaf, leaf_hash)
      values (${AGGREGATE}, ${index}, ${leaf}, sha256('\\x00'::bytea || ${leaf}::bytea))`;
  }
}
