import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readLeaves } from '../access/access-log.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { codeOf } from '../access/reasons.ts';
import { type Answer, startTestSystem, type TestSystem } from '../running-system.ts';
import { problemsOf } from './problems.ts';

/** Milliseconds that the gateway gives a subgraph, and in which a caller must have an answer. */
const SUBGRAPH_TIMEOUT = 1_000;
const WITHIN = 4_000;

/** Fields of the view that each agency holds. */
const FIELDS = {
  education: [
    'enrolments',
    'attendance',
    'suspensions',
    'senProvision',
    'senNeeds',
    'ehcPlan',
    'electiveHomeEducation',
    'missingEducation',
    'pupilPremium',
    'designatedSafeguardingLead',
  ],
  health: [
    'registeredPractice',
    'healthVisitor',
    'schoolNurse',
    'immunisations',
    'missedAppointments',
    'emergencyAttendances',
    'allergies',
    'conditions',
    'sdqScore',
    'initialHealthAssessmentDue',
    'mentalHealthService',
    'sexualHealthService',
    'substanceMisuseService',
  ],
  'social-care': ['socialCare'],
} as const;

type Agency = keyof typeof FIELDS;

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem({ gatewayEnvironment: { SUBGRAPH_TIMEOUT: String(SUBGRAPH_TIMEOUT) } });
  // A cold process on a busy machine is slow as well.
  await view(system.scenarios.joined);
});

afterAll(async () => {
  await system?.remove();
});

const view = (child: string, persona = 'social-worker', purpose = 'S47') =>
  system.ask(persona, { query: VIEW, variables: { id: child }, purpose });

describe.each(['education', 'health', 'social-care'] as const)('with %s', (agency) => {
  test('stopped, the rest of the view is there, and its fields say who did not answer', async () => {
    const whole = await view(system.scenarios.joined);
    await system.services.get(agency)?.stop();
    try {
      expectWithout(agency, whole, await view(system.scenarios.joined));
      await expectReadiness({ status: 503, missing: [agency] });
    } finally {
      await system.restart(agency);
    }
    await expectReadiness({ status: 200, missing: [] });
    expect((await view(system.scenarios.joined)).body).toEqual(whole.body);
  });

  test('hanging, the same within the time-out', async () => {
    const whole = await view(system.scenarios.joined);
    system.services.get(agency)?.kill('SIGSTOP');
    try {
      expectWithout(agency, whole, await timely(() => view(system.scenarios.joined)));
      await expectReadiness({ status: 503, missing: [agency] });
    } finally {
      system.services.get(agency)?.kill('SIGCONT');
    }
    await expectReadiness({ status: 200, missing: [] });
    expect((await view(system.scenarios.joined)).body).toEqual(whole.body);
  });
});

describe('an outage', () => {
  test('says nothing of a child: with sealed services, shielded or unknown to the agency, it is the same', async () => {
    await system.services.get('health')?.stop();
    try {
      for (const [persona, purpose] of [
        ['social-worker', 'S47'],
        ['general-practitioner', 'DC'],
      ] as const) {
        const { joined, sensitive, empty, shielded } = system.scenarios;
        const told = await Promise.all(
          [joined, sensitive, empty, shielded].map(async (child) =>
            fieldProblems(await view(child, persona, purpose)),
          ),
        );
        for (const one of told) expect(one).toEqual(told[0]);
      }
    } finally {
      await system.restart('health');
    }
  });

  test('that many callers meet at once keeps none of them waiting for another', async () => {
    system.services.get('health')?.kill('SIGSTOP');
    try {
      const answers = await Promise.all(
        Array.from({ length: 30 }, () => timely(() => view(system.scenarios.joined))),
      );
      for (const { body } of answers) expect(body.data.child.familyName).toEqual(expect.any(String));
    } finally {
      system.services.get('health')?.kill('SIGCONT');
    }
    await expectReadiness({ status: 200, missing: [] });
  });

  test('that ends while it is waited for leaves a gateway that goes on', async () => {
    system.services.get('health')?.kill('SIGSTOP');
    const waiting = view(system.scenarios.joined);
    await sleep(100);
    system.services.get('health')?.kill('SIGKILL');
    const answer = await waiting;
    expect(answer.body.data.child).toMatchObject({ allergies: null, familyName: expect.any(String) });
    await system.restart('health');
    expect(problemsOf(await view(system.scenarios.joined))).not.toHaveProperty('child.missedAppointments');
  });
});

describe('with the directory', () => {
  test.each([
    ['stopped', 'SIGTERM'],
    ['hanging', 'SIGSTOP'],
  ] as const)('%s, nothing is decided and nothing shown, of any agency', async (_case, signal) => {
    system.services.get('directory')?.kill(signal);
    if (signal === 'SIGTERM') await system.services.get('directory')?.ended;
    try {
      // Facts are believed for a second.
      await expect
        .poll(async () => codeOf(await view(system.scenarios.joined)), { timeout: 5_000 })
        .toBeTypeOf('string');
      for (const child of [system.scenarios.joined, system.scenarios.unrelated, '0000000000000000']) {
        const answer = await timely(() => view(child));
        expect(['ACCESS_UNDECIDED 503', 'SUBGRAPH_UNAVAILABLE 200']).toContain(
          `${codeOf(answer)} ${answer.status}`,
        );
        expect(answer.body.data?.child ?? null).toBeNull();
      }
      await expectReadiness({ status: 503, missing: ['directory'] });
    } finally {
      system.services.get('directory')?.kill('SIGCONT');
      if (signal === 'SIGTERM') await system.restart('directory');
    }
    await expectReadiness({ status: 200, missing: [] });
    expect((await view(system.scenarios.joined)).status).toBe(200);
  });
});

describe('with accreditation', () => {
  test.each([
    ['stopped', 'SIGTERM'],
    ['hanging', 'SIGSTOP'],
  ] as const)('%s, nobody is let in, known or not', async (_case, signal) => {
    await view(system.scenarios.joined);
    system.services.get('accreditation')?.kill(signal);
    if (signal === 'SIGTERM') await system.services.get('accreditation')?.ended;
    try {
      for (const persona of ['social-worker', 'camhs-clinician']) {
        // A principal is believed for a second.
        await expect
          .poll(async () => codeOf(await timely(() => view(system.scenarios.joined, persona))), {
            timeout: 5_000,
          })
          .toBe('ACCESS_UNDECIDED');
        const answer = await view(system.scenarios.joined, persona);
        expect(answer.status).toBe(503);
        expect(answer.body).not.toHaveProperty('data');
        expect(answer.headers).toHaveProperty('access-log');
      }
      await expectReadiness({ status: 503, missing: ['accreditation'] });
    } finally {
      system.services.get('accreditation')?.kill('SIGCONT');
      if (signal === 'SIGTERM') await system.restart('accreditation');
    }
    await expectReadiness({ status: 200, missing: [] });
    expect((await view(system.scenarios.joined)).status).toBe(200);
  });
});

test('a caller who leaves halfway is on record all the same, and harms nobody else', async () => {
  system.services.get('health')?.kill('SIGSTOP');
  const headers = {
    authorization: `Bearer ${await system.token('social-worker')}`,
    'content-type': 'application/json',
    'access-purpose': 'S47',
    'access-reason': 'Enquiry opened this morning',
  };
  const body = JSON.stringify({
    query: VIEW.replace('JoinedView', 'LeftHalfway'),
    variables: { id: system.scenarios.joined },
  });
  try {
    const leaving = Array.from({ length: 10 }, () =>
      request(`${system.urls.gateway}/graphql`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(150),
      }),
    );
    for (const outcome of await Promise.allSettled(leaving)) expect(outcome.status).toBe('rejected');
  } finally {
    system.services.get('health')?.kill('SIGCONT');
  }
  expect(problemsOf(await view(system.scenarios.joined))).not.toHaveProperty('child.missedAppointments');
  const left = async () =>
    (await readLeaves(system)).filter(({ event }) => event.operation?.name === 'LeftHalfway').length;
  await expect.poll(left, { timeout: 5_000 }).toBe(10);
});

test('without the identity provider, tokens that were given go on working until they end', async () => {
  await system.token('teacher');
  const asTeacher = () => view(system.scenarios.joined, 'teacher', 'ED');
  await view(system.scenarios.joined);
  await system.services.get('identity-provider')?.stop();
  try {
    expect((await view(system.scenarios.joined)).body.data.child.familyName).toEqual(expect.any(String));
    // A token that the gateway has not seen before.
    expect((await asTeacher()).body.data.child.familyName).toEqual(expect.any(String));
    await expectReadiness({ status: 200, missing: [] });
  } finally {
    await system.restart('identity-provider');
  }
});

/** Everything as in the whole view but for one agency's fields: null, and for each the agency's name. */
function expectWithout(agency: Agency, whole: Answer, answer: Answer): void {
  expect(answer.status, answer.text).toBe(200);
  const before = problemsOf(whole);
  const missing: readonly string[] = FIELDS[agency];
  const expected = { ...whole.body.data.child };
  for (const field of missing) expected[field] = null;
  expect(answer.body.data.child).toEqual(expected);

  const told = problemsOf(answer);
  for (const field of missing) {
    const path = `child.${field}`;
    // What is never asked for, for want of a purpose or a policy, cannot fail either.
    const refusedAnyway =
      before[path] ??
      (told[path] === undefined && SEALED.has(field) ? undefined : `SUBGRAPH_UNAVAILABLE of ${agency}`);
    expect(told[path], path).toBe(refusedAnyway);
  }
  const others = Object.entries(before).filter(([path]) => !missing.includes(path.split('.')[1] ?? ''));
  expect(told).toMatchObject(Object.fromEntries(others));
  const known = new Set([...Object.keys(before), ...missing.map((field) => `child.${field}`)]);
  expect(Object.keys(told).filter((path) => !known.has(path))).toEqual([]);
}

const SEALED = new Set(['mentalHealthService', 'sexualHealthService', 'substanceMisuseService']);

/** Of the child's own fields; how many parents there are is no secret. */
function fieldProblems(answer: Answer): Record<string, string> {
  expect(answer.status, answer.text).toBe(200);
  return Object.fromEntries(
    Object.entries(problemsOf(answer)).filter(([path]) => path.split('.').length === 2),
  );
}

async function timely(ask: () => Promise<Answer>): Promise<Answer> {
  const begun = performance.now();
  const answer = await ask();
  expect(performance.now() - begun).toBeLessThan(WITHIN);
  return answer;
}

/** Waits for it: what one caller is told the next may be told again, for half a second. */
async function expectReadiness(expected: Awaited<ReturnType<typeof readiness>>): Promise<void> {
  await expect.poll(readiness, { timeout: 10_000 }).toEqual(expected);
}

async function readiness(): Promise<{ readonly status: number; readonly missing: readonly string[] }> {
  const { statusCode, body } = await request(`${system.urls.gateway}/ready`);
  const { missing } = (await body.json()) as { readonly missing: readonly string[] };
  return { status: statusCode, missing };
}
