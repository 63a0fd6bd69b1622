import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freePort } from '../free-port.ts';
import { hasRedis, type RedisServer, startRedis } from '../redis-server.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { END, PLACE, RECORD, SHIELD, UNSHIELD } from './operations/doors.ts';
import { codeOf, reasonsOf } from './reasons.ts';
import { type SecondGateway, startSecondGateway } from './second-gateway.ts';

/** Two gateways on one system: what goes through the first one takes effect in the second one. */
let system: TestSystem;
let other: SecondGateway;
let directory: postgres.Sql;
let accreditation: postgres.Sql;

async function start(settings: Readonly<Record<string, string>>, redisUrl?: string): Promise<void> {
  system = await startTestSystem({ gatewayEnvironment: settings, redisUrl });
  other = await startSecondGateway(system, settings);
  directory = postgres(system.databases.directory, { max: 1 });
  accreditation = postgres(system.databases.accreditation, { max: 1 });
}

async function stop(): Promise<void> {
  await Promise.all([directory?.end(), accreditation?.end(), other?.stop()]);
  await system?.remove();
}

const today = () => new Date().toISOString().slice(0, 10);
const REASON = 'The father has threatened the family';

/** The practitioner as the second gateway sees them; no child is asked for. */
const me = (persona: string) => other.ask(persona, { query: '{ me { id } }' });
const place = (persona: string, purpose: string, id: string) =>
  other.ask(persona, { query: PLACE, variables: { id }, purpose });

/** What the second gateway answers and what makes it another; each leaves things as it found them. */
interface Situation {
  readonly seen: () => Promise<unknown>;
  readonly before: unknown;
  readonly after: unknown;
  /** Through the first gateway, or past both. */
  readonly change: () => Promise<unknown>;
  readonly back: () => Promise<unknown>;
}

const done = (answer: Answer) => expect(answer.body.errors).toBeUndefined();
const requirementOf = ({ body }: Answer) => body.errors?.[0]?.extensions?.['requirement'] ?? 'NONE';
const asOfficer = async (query: string) =>
  done(await system.ask('accreditation-officer', { query, headers: {} }));
const asSocialWorker = async (query: string) => {
  const variables = { id: system.scenarios.joined, reason: REASON };
  done(await system.ask('social-worker', { query, variables, purpose: 'S47' }));
};
const nurseSees = async () =>
  reasonsOf(await place('school-nurse', 'DC', system.scenarios.unrelated))['child.involvements'] ?? 'OPEN';
const nurseRecords = async () => {
  const input = { childId: system.scenarios.unrelated, service: 'School nursing', from: today() };
  done(await system.ask('school-nurse', { query: RECORD, variables: { input }, purpose: 'DC' }));
};
const nurseEnds = async () => {
  const [open] = await directory<{ id: string }[]>`
    select id from involvement where practitioner_id = 'p-school-nurse' and ended_at is null and self_recorded`;
  const variables = { childId: system.scenarios.unrelated, id: open?.id, endedOn: today() };
  done(await system.ask('school-nurse', { query: END, variables, purpose: 'DC' }));
};
/** Health's, so that the gateway alone decides: the directory asks nobody about what it holds itself. */
const practiceSeen = async () => {
  const answer = await place('general-practitioner', 'DC', system.scenarios.joined);
  return reasonsOf(answer)['child.registeredPractice'] ?? answer.body.data?.child.registeredPractice?.odsCode;
};

const SITUATIONS: Readonly<Record<string, Situation>> = {
  'a relationship that is recorded': {
    seen: nurseSees,
    before: 'RELATIONSHIP',
    after: 'OPEN',
    change: nurseRecords,
    back: nurseEnds,
  },
  'a relationship that ends': {
    seen: nurseSees,
    before: 'OPEN',
    after: 'RELATIONSHIP',
    change: nurseEnds,
    back: nurseRecords,
  },
  'a shield': {
    seen: practiceSeen,
    before: 'Z99001',
    after: undefined,
    change: () => asSocialWorker(SHIELD),
    back: () => asSocialWorker(UNSHIELD),
  },
  'a suspension': {
    seen: async () => requirementOf(await me('teacher')),
    before: 'NONE',
    after: 'SUSPENDED',
    change: () =>
      asOfficer(`mutation { suspendAccess(practitionerId: "p-teacher", reason: "${REASON}") { id } }`),
    back: () =>
      asOfficer(`mutation { restoreAccess(practitionerId: "p-teacher", reason: "${REASON}") { id } }`),
  },
  'an organisation that is taken out': {
    seen: async () => requirementOf(await me('emergency-clinician')),
    before: 'NONE',
    after: 'ORGANISATION',
    change: () =>
      asOfficer('mutation { setOrganisationStage(organisationId: "TRUST-01", stage: SUSPENDED) { id } }'),
    back: () =>
      asOfficer('mutation { setOrganisationStage(organisationId: "TRUST-01", stage: LIVE) { id } }'),
  },
  'training that has passed its date, told by nobody': {
    seen: async () => requirementOf(await me('safeguarding-lead')),
    before: 'NONE',
    after: 'TRAINING',
    change: () => accreditation`update practitioner
      set training_passed_on = training_passed_on - interval '2 years' where id = 'p-safeguarding-lead'`,
    back: () => accreditation`update practitioner
      set training_passed_on = training_passed_on + interval '2 years' where id = 'p-safeguarding-lead'`,
  },
  'an involvement taken away by hand': {
    seen: practiceSeen,
    before: 'Z99001',
    after: 'RELATIONSHIP',
    change: () => directory`update involvement set ended_at = now()
      where practitioner_id = 'p-general-practitioner' and child_id = ${system.scenarios.joined}`,
    back: () => directory`update involvement set ended_at = null
      where practitioner_id = 'p-general-practitioner' and child_id = ${system.scenarios.joined}`,
  },
};

/**
 * Asks until it is felt. A slow machine makes the asking coarser, and no promise shorter.
 *
 * @returns Milliseconds from `changedAt` to the beginning of the last request that did not feel it; 0 where all did.
 */
async function lastUnfelt({ seen, before, after }: Situation, changedAt: number): Promise<number> {
  for (let last = 0; ; ) {
    const askedAt = performance.now();
    const found = await seen();
    if (found !== before) {
      expect(found).toEqual(after);
      return last;
    }
    last = askedAt - changedAt;
    if (last > 10_000) return last;
    await sleep(5);
  }
}

/** The second gateway is asked before, so that it believes something. */
async function timeToEffect(situation: Situation): Promise<number> {
  const { seen, before, change, back } = situation;
  await expect.poll(seen, { timeout: 3_000, interval: 20 }).toEqual(before);
  await seen();
  await change();
  const unfelt = await lastUnfelt(situation, performance.now());
  await back();
  return unfelt;
}

async function longestOf(name: string, rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1)
    times.push(await timeToEffect(SITUATIONS[name] as Situation));
  const longest = Math.max(...times);
  console.info(`${name}: the other gateway was behind for ${longest.toFixed(0)} ms at most`);
  return longest;
}

/** The situations that end leave the relationship of the one that records open. */
const prepare = async (name: string) => {
  if (name === 'a relationship that ends') await nurseRecords();
};

describe('without Redis', () => {
  beforeAll(() => start({}));
  afterAll(stop);

  test.each(Object.keys(SITUATIONS))(
    '%s is felt within the second that an answer is believed',
    async (name) => {
      await prepare(name);
      expect(await longestOf(name, 1)).toBeLessThan(1_000);
    },
  );

  test('a gateway feels at once what went through it', async () => {
    await nurseEnds();
    const seenHere = async () => {
      const variables = { id: system.scenarios.unrelated };
      const answer = await system.ask('school-nurse', { query: PLACE, variables, purpose: 'DC' });
      return reasonsOf(answer)['child.involvements'] ?? 'OPEN';
    };
    expect(await seenHere()).toBe('RELATIONSHIP');
    await nurseRecords();
    expect(await seenHere()).toBe('OPEN');
    await nurseEnds();
    expect(await seenHere()).toBe('RELATIONSHIP');
  });
});

describe.skipIf(!hasRedis() && process.env['CI'] === undefined)('with Redis', () => {
  let redis: RedisServer;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    redis = await startRedis(port);
    await start({ GATEWAYS: '2', REDIS_URL: redis.url }, redis.url);
    await vi.waitFor(async () => expect(await other.isPushed()).toBe(true), {
      timeout: 10_000,
      interval: 100,
    });
  });
  afterAll(async () => {
    await stop();
    await redis?.stop();
  });

  test.each(Object.keys(SITUATIONS))('%s is felt within a second', async (name) => {
    await prepare(name);
    expect(await longestOf(name, 3)).toBeLessThan(1_000);
    expect(await other.isPushed()).toBe(true);
  });

  test('an answer is believed for longer than a second: it is the push that makes it short', async () => {
    const asked = async () => {
      const [row] = await accreditation<{ count: number }[]>`
        select count(*)::int as count from access_journal where operation = 'principals'
        and practitioner = 'p-reviewing-officer'`;
      return row?.count ?? 0;
    };
    await me('reviewing-officer');
    const before = await asked();
    for (const until = performance.now() + 3_000; performance.now() < until; await sleep(50))
      await me('reviewing-officer');
    expect((await asked()) - before).toBeLessThanOrEqual(1);
  });

  test('without the directory a child is refused, however warm the gateway was', async () => {
    const seen = async () =>
      codeOf(await place('general-practitioner', 'DC', system.scenarios.joined)) ?? 'NONE';
    expect(await seen()).toBe('NONE');
    const killedAt = performance.now();
    system.services.get('directory')?.kill('SIGKILL');
    // Its fields are gone at once (SUBGRAPH_UNAVAILABLE); that nothing is decided any more takes the bound.
    let decidedAt = killedAt;
    for (let askedAt = killedAt; (await seen()) !== 'ACCESS_UNDECIDED'; askedAt = performance.now()) {
      decidedAt = askedAt;
      expect(decidedAt - killedAt).toBeLessThan(5_000);
    }
    console.info(`the gateway decided without the directory for ${(decidedAt - killedAt).toFixed(0)} ms`);
    await system.restart('directory');
    await expect.poll(seen, { timeout: 10_000 }).toBe('NONE');
    await expect.poll(() => other.isPushed(), { timeout: 10_000 }).toBe(true);
  });

  test('without Redis a gateway is back at one second, and at five with it', async () => {
    const suspended = SITUATIONS['a suspension'] as Situation;
    await redis.kill();
    expect(await timeToEffect(suspended)).toBeLessThan(1_000);
    expect(await other.isPushed()).toBe(false);

    await redis.stop();
    redis = await startRedis(port);
    await expect.poll(() => other.isPushed(), { timeout: 10_000 }).toBe(true);
    expect(await timeToEffect(suspended)).toBeLessThan(1_000);
  });

  test('what happens while Redis goes is felt within a second', async () => {
    const suspension = SITUATIONS['a suspension'] as Situation;
    await suspension.seen();
    const [changedAt] = await Promise.all([suspension.change().then(() => performance.now()), redis.kill()]);
    expect(await lastUnfelt(suspension, changedAt)).toBeLessThan(1_000);
    await suspension.back();
  });
});
