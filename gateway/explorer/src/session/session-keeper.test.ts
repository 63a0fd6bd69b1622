import type { User } from 'oidc-client-ts';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Refusal } from '../asking/answer.ts';
import type { Practitioner } from './session.ts';
import { createSessionKeeper, type SessionKeeper } from './session-keeper.ts';

const AMARA: Practitioner = { id: 'p-1', name: 'Amara Okafor', role: 'social-worker', organisation: null };
const OFFERED = { scopes: ['directory:shield'], purposes: { S47: { breakGlass: false } } };
const SUSPENDED: Refusal = { code: 'ACCREDITATION_LAPSED', message: 'refused', requirement: 'SUSPENDED' };

let now: number;
let signingIn: () => Promise<User>;
let removed: number;
let who: Practitioner | Refusal;
let keeper: SessionKeeper;

beforeEach(() => {
  vi.useFakeTimers();
  now = 1_000_000;
  removed = 0;
  who = AMARA;
  signingIn = async () => ({ access_token: 'at-1', expires_at: 1_600 }) as User;
  keeper = createSessionKeeper({
    users: {
      signinPopup: () => signingIn(),
      signoutPopup: async () => Promise.reject(new Error('Popup closed by user')),
      removeUser: async () => void removed++,
    },
    whoIs: async () => who,
    offeredTo: async () => OFFERED,
    now: () => now,
  });
});
afterEach(() => vi.useRealTimers());

const afterSeconds = (seconds: number) => {
  now += seconds * 1_000;
  vi.advanceTimersByTime(1_000);
};

test('a session is open for as long as its token is good', async () => {
  expect([keeper.state.phase, keeper.token()]).toEqual(['signed-out', undefined]);
  await keeper.signIn();
  expect(keeper.state).toEqual({
    phase: 'open',
    practitioner: AMARA,
    offered: OFFERED,
    expiresAt: 1_600_000,
  });
  expect(keeper.token()).toBe('at-1');
  afterSeconds(599);
  expect([keeper.state.phase, keeper.token()]).toEqual(['open', 'at-1']);
  afterSeconds(1);
  expect([keeper.state.phase, keeper.token()]).toEqual(['ended', undefined]);
});

test('a machine that slept does not wake up with a session', async () => {
  await keeper.signIn();
  now += 3_600_000;
  expect(keeper.token()).toBeUndefined();
  vi.advanceTimersByTime(1_000);
  expect(keeper.state.phase).toBe('ended');
});

test('an account that the gateway refuses gets no session, and its token is not kept', async () => {
  who = SUSPENDED;
  await keeper.signIn();
  expect(keeper.state).toEqual({ phase: 'refused', refusal: SUSPENDED });
  expect(keeper.token()).toBeUndefined();
});

describe('signing in again after the end', () => {
  beforeEach(async () => {
    await keeper.signIn();
    keeper.end();
  });

  test('goes on as before', async () => {
    signingIn = async () => ({ access_token: 'at-2', expires_at: 2_200 }) as User;
    await keeper.signIn();
    expect(keeper.state).toEqual({
      phase: 'open',
      practitioner: AMARA,
      offered: OFFERED,
      expiresAt: 2_200_000,
    });
    expect(keeper.token()).toBe('at-2');
  });

  test.each([
    ['cancelled', async () => Promise.reject({ error: 'access_denied' }), /cancelled/],
    ['closed', async () => Promise.reject(new Error('Popup closed by user')), /was closed/],
    [
      'blocked',
      async () => Promise.reject(new Error('Attempted to navigate on a disposed window')),
      /Allow pop-ups/,
    ],
    ['without a provider', async () => Promise.reject(new TypeError('Failed to fetch')), /cannot be reached/],
  ])('%s: the page stays, and says so', async (_case, outcome, sentence) => {
    signingIn = outcome as () => Promise<User>;
    await keeper.signIn();
    expect(keeper.state).toMatchObject({ phase: 'ended', practitioner: AMARA });
    expect((keeper.state as { problem?: string }).problem).toMatch(sentence);
    expect(keeper.token()).toBeUndefined();
  });

  test('with the gateway away, the page stays as well', async () => {
    who = { code: 'GATEWAY_UNREACHABLE', message: 'The gateway cannot be reached' };
    await keeper.signIn();
    expect(keeper.state).toMatchObject({ phase: 'ended', practitioner: AMARA });
  });
});

test('signing out forgets the token, whatever becomes of the provider’s window', async () => {
  await keeper.signIn();
  const leaving = keeper.signOut();
  expect([keeper.state.phase, keeper.token()]).toEqual(['signed-out', undefined]);
  await leaving;
  expect(removed).toBe(1);
});
