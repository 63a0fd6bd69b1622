import { londonDate } from '@contactpoint/access/calendar-date';
import type { TestSubgraph } from '@contactpoint/subgraph-kit/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ingestDirectory } from '../ingest.ts';
import { askAs, type Caller, caller, reasonsOf, startDirectory } from '../testing/directory.ts';
import { EMPTY, identities, NOBODY, RELATED, SHIELDED, UNRELATED } from '../testing/identities.ts';

const FIELDS =
  'id familyName localAuthority addresses { postcode } involvements { id service brokered isLead phone } ownInvolvements { id service from to }';
const RECORD = `mutation ($input: RecordInvolvementInput!) { recordInvolvement(input: $input) { ${FIELDS} } }`;
const END = `mutation ($childId: ID!, $id: ID!, $endedOn: Date!) {
  endInvolvement(childId: $childId, id: $id, endedOn: $endedOn) { ${FIELDS} } }`;
const SHIELD =
  'mutation ($id: ID!, $reason: String!) { shieldChild(id: $id, reason: $reason) { id familyName } }';
const UNSHIELD = `mutation ($id: ID!, $reason: String!) { unshieldChild(id: $id, reason: $reason) { id familyName } }`;
const CHILD = `query ($id: ID!) { child(id: $id) { ${FIELDS} } }`;

const today = londonDate(new Date());
const stranger = caller('social-worker', 'S47', { sub: 'p-stranger' });
const allocated = caller('social-worker', 'S47');
const teamWorker = caller('social-worker', 'S47', { sub: 'p-team-worker' });
const teacher = caller('teacher', 'ED');
const steward = caller('identity-steward', 'MATCH');

let directory: TestSubgraph;
beforeEach(async () => {
  directory = await startDirectory();
});
afterEach(() => directory?.stop());

const ask = (who: Caller, query: string, variables: Record<string, unknown>) =>
  askAs(directory, who, query, variables);
const input = { childId: UNRELATED, service: 'Duty team', from: today };

describe('recordInvolvement', () => {
  test('opens the child to the caller at once, and alerts with a reference alone', async () => {
    expect((await ask(stranger, CHILD, { id: UNRELATED })).data.child.addresses).toBeNull();
    const { data, errors } = await ask(stranger, RECORD, { input: { ...input, isLead: true } });
    expect(errors).toBeUndefined();
    expect(data.recordInvolvement).toMatchObject({
      localAuthority: '976',
      involvements: null,
      ownInvolvements: [{ service: 'Duty team', from: today, to: null }],
    });
    const seenByAnother = await ask(
      caller('mash-screener', 'S47'),
      `query ($id: ID!) { child(id: $id) { involvements { service isLead brokered } leadProfessional { service } } }`,
      { id: UNRELATED },
    );
    expect(seenByAnother.data.child).toEqual({
      involvements: [{ service: 'Duty team', isLead: true, brokered: false }],
      leadProfessional: { service: 'Duty team' },
    });

    const alerts = await directory.store`select * from privacy_alert`;
    expect(alerts).toMatchObject([
      { organisation_id: 'LA-975', involvement_id: data.recordInvolvement.ownInvolvements[0].id },
    ]);
    expect(JSON.stringify(alerts)).not.toContain(UNRELATED);
    expect(JSON.stringify(alerts)).not.toContain('p-stranger');
  });

  test('is never an allocation: a shield stays shut', async () => {
    await ask(stranger, RECORD, { input: { ...input, childId: SHIELDED, isLead: true } });
    const { data } = await ask(stranger, CHILD, { id: SHIELDED });
    expect(data.child).toMatchObject({ familyName: 'Garside', addresses: null, involvements: null });
  });

  test.each([
    [
      'the answer of recording it',
      RECORD,
      (id: string) => ({ input: { ...input, childId: id, isLead: true } }),
    ],
    ['the child', CHILD, (id: string) => ({ id })],
    ['the lead', 'query ($id: ID!) { child(id: $id) { leadProfessional { id } } }', (id: string) => ({ id })],
  ])('does not tell a shielded child from one without anything: %s', async (_case, query, variables) => {
    const practice = caller('general-practitioner', 'DC');
    const answers: object[] = [];
    for (const childId of [SHIELDED, EMPTY]) {
      await ask(practice, RECORD, { input: { ...input, childId, isLead: true } });
      const answer = await ask(practice, query, variables(childId));
      expect(Object.keys(reasonsOf(answer))).toEqual([]);
      const [child] = Object.values(answer.data) as [Record<string, unknown>];
      const own = child.ownInvolvements as { id: string }[] | undefined;
      answers.push({ ...child, id: '', ownInvolvements: own?.map((each) => ({ ...each, id: '' })) });
    }
    expect(answers[0]).toEqual(answers[1]);
  });

  test('keeps a sensitive service to itself', async () => {
    const sensitive = {
      ...input,
      childId: RELATED,
      service: 'Substance misuse',
      isLead: true,
      sensitiveService: true,
    };
    expect(reasonsOf(await ask(stranger, RECORD, { input: sensitive }))).toEqual({
      recordInvolvement: 'BAD_USER_INPUT',
    });
    const { data } = await ask(stranger, RECORD, { input: { ...sensitive, basis: 'EXPLICIT_CONSENT' } });
    expect(data.recordInvolvement.ownInvolvements).toMatchObject([{ service: null, from: today }]);
    const seen = await ask(allocated, CHILD, { id: RELATED });
    expect(seen.data.child.involvements[0]).toMatchObject({
      service: null,
      brokered: true,
      isLead: null,
      phone: '01632 960099',
    });
    const [kept] = await directory.store`
      select service, basis, is_lead from involvement where practitioner_id = 'p-stranger'`;
    expect(kept).toEqual({ service: 'Substance misuse', basis: 'EXPLICIT_CONSENT', is_lead: false });
  });

  test('carries the contact that the practitioner had before', async () => {
    await ask(allocated, RECORD, { input });
    const { data } = await ask(caller('mash-screener', 'S47'), CHILD, { id: UNRELATED });
    expect(data.child.involvements[0].phone).toBe('01632 960001');
  });

  test.each([
    ['who may not search, unrelated child', teacher, UNRELATED, 'RELATIONSHIP'],
    ['who may not search, unknown number', teacher, NOBODY, 'RELATIONSHIP'],
    ['who may search, unknown number', stranger, NOBODY, 'BAD_USER_INPUT'],
    ['another purpose', { ...stranger, purpose: 'DC' as const }, UNRELATED, 'PURPOSE'],
    ['auditor', caller('auditor', 'AUD'), UNRELATED, 'POLICY'],
  ])('refuses: %s', async (_case, who, childId, reason) => {
    const answer = await ask(who, RECORD, { input: { ...input, childId } });
    expect(answer.data).toEqual({ recordInvolvement: null });
    expect(reasonsOf(answer)).toEqual({ recordInvolvement: reason });
    expect(await directory.store`select from privacy_alert`).toHaveLength(0);
  });

  test.each([
    ['no such day', { from: '2025-02-30' }],
    ['a day to come', { from: '2999-01-01' }],
    ['before anybody was born', { from: '1970-01-01' }],
    ['blank service', { service: '  ' }],
    ['endless service', { service: 'x'.repeat(201) }],
    ['service that reads as another', { service: 'Duty \u202emaet' }],
  ])('is bad input: %s', async (_case, change) =>
    expect(reasonsOf(await ask(stranger, RECORD, { input: { ...input, ...change } }))).toEqual({
      recordInvolvement: 'BAD_USER_INPUT',
    }),
  );
});

describe('endInvolvement', () => {
  const end = (who: Caller, id: string, endedOn: string, childId = RELATED) =>
    ask(who, END, { childId, id, endedOn });

  test('takes the relationship away at once, also on its last day', async () => {
    const { data, errors } = await end(teacher, `${RELATED}-team-0`, today);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ endInvolvement: null });
    expect(reasonsOf(await ask(teacher, CHILD, { id: RELATED }))).toEqual({ child: 'RELATIONSHIP' });
  });

  test('leaves identity to who may search', async () => {
    const { data } = await end(allocated, `${RELATED}-allocated`, today);
    expect(data.endInvolvement).toMatchObject({ familyName: 'Hughes', addresses: null, involvements: null });
  });

  test('survives the next ingest', async () => {
    await end(teacher, `${RELATED}-team-0`, today);
    await ingestDirectory(directory.store, identities);
    expect(reasonsOf(await ask(teacher, CHILD, { id: RELATED }))).toEqual({ child: 'RELATIONSHIP' });
  });

  test('can be set for later, brought forward and never put off', async () => {
    const id = `${RELATED}-team-0`;
    expect((await end(teacher, id, '2999-06-01')).errors).toBeUndefined();
    expect((await end(teacher, id, '2999-05-01')).errors).toBeUndefined();
    expect(reasonsOf(await end(teacher, id, '2999-05-02'))).toEqual({ endInvolvement: 'BAD_USER_INPUT' });
    expect((await ask(teacher, CHILD, { id: RELATED })).data.child.familyName).toBe('Hughes');
  });

  test.each([
    ["somebody else's", `${RELATED}-allocated`, today],
    ['of another child', `${SHIELDED}-team-0`, today],
    ['none', 'nothing', today],
    ['before it began', `${RELATED}-team-0`, '2025-01-09'],
    ['no such day', `${RELATED}-team-0`, '2025-02-30'],
  ])('is bad input: %s', async (_case, id, endedOn) =>
    expect(reasonsOf(await end(teacher, id, endedOn))).toEqual({ endInvolvement: 'BAD_USER_INPUT' }),
  );
});

describe('shieldChild and unshieldChild', () => {
  const reason = 'Threat to life, strategy meeting';
  const isShut = async (id: string) => (await ask(teamWorker, CHILD, { id })).data.child.addresses === null;

  test.each([
    ['allocated social worker', allocated],
    ['social worker on the team', teamWorker],
    ['identity steward', steward],
  ])('%s shields and lifts, with reasons kept', async (_case, who) => {
    expect(await isShut(RELATED)).toBe(false);
    expect((await ask(who, SHIELD, { id: RELATED, reason })).errors).toBeUndefined();
    expect(await isShut(RELATED)).toBe(true);
    expect(
      (await ask(who, UNSHIELD, { id: RELATED, reason: 'The threat has passed' })).errors,
    ).toBeUndefined();
    expect(await isShut(RELATED)).toBe(false);
    expect(
      await directory.store`select shielded_by, reason, lifted_by, lift_reason from shield where child_id = ${RELATED}`,
    ).toEqual([{ shielded_by: who.sub, reason, lifted_by: who.sub, lift_reason: 'The threat has passed' }]);
  });

  test('shielding twice is one shield and one answer', async () => {
    const first = await ask(teamWorker, SHIELD, { id: RELATED, reason });
    expect(await ask(teamWorker, SHIELD, { id: RELATED, reason })).toEqual(first);
    expect(await directory.store`select from shield where child_id = ${RELATED}`).toHaveLength(1);
  });

  test('a relationship that the caller recorded alone gives no right, wherever the child lives', async () => {
    for (const childId of [RELATED, SHIELDED, UNRELATED, EMPTY]) {
      await ask(stranger, RECORD, { input: { ...input, childId } });
      for (const [mutation, field] of [
        [SHIELD, 'shieldChild'],
        [UNSHIELD, 'unshieldChild'],
      ] as const) {
        const answer = await ask(stranger, mutation, { id: childId, reason });
        expect([childId, answer.data, reasonsOf(answer)]).toEqual([
          childId,
          { [field]: null },
          { [field]: 'RELATIONSHIP' },
        ]);
      }
    }
    expect(await isShut(SHIELDED)).toBe(true);
    expect(await isShut(RELATED)).toBe(false);
  });

  test('the right of the team does not tell where a shielded child lives', async () => {
    const answers: unknown[] = [];
    for (const authority of ['975', '976', null]) {
      await directory.store`update child set local_authority = ${authority} where id = ${SHIELDED}`;
      const answer = await ask(teamWorker, SHIELD, { id: SHIELDED, reason });
      expect(answer.errors).toBeUndefined();
      answers.push(answer);
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test.each([
    ['stranger', stranger, RELATED, 'RELATIONSHIP'],
    ['another authority', { ...allocated, organisation: 'LA-976' }, RELATED, 'RELATIONSHIP'],
    ['nobody by that number', steward, NOBODY, 'BAD_USER_INPUT'],
    ['role without the scope', caller('mash-screener', 'S47'), RELATED, 'SCOPE'],
    ['another purpose', { ...allocated, purpose: 'DC' as const }, RELATED, 'PURPOSE'],
  ])('refuses: %s', async (_case, who, id, refused) => {
    for (const [mutation, field] of [
      [SHIELD, 'shieldChild'],
      [UNSHIELD, 'unshieldChild'],
    ] as const) {
      expect(reasonsOf(await ask(who, mutation, { id, reason }))).toEqual({ [field]: refused });
    }
    expect(await isShut(RELATED)).toBe(false);
  });

  test.each(['too short', '               ', 'x'.repeat(501), `${reason}\u2066`])(
    'wants a reason: %s',
    async (weak) => {
      expect(reasonsOf(await ask(steward, SHIELD, { id: RELATED, reason: weak }))).toEqual({
        shieldChild: 'BAD_USER_INPUT',
      });
    },
  );
});
