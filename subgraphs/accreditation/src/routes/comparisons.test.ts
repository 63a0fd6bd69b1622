import { createValueDigest } from '@contactpoint/subgraph-kit/compared-values';
import { TEST_KEYS, testSystemBody } from '@contactpoint/subgraph-kit/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Accreditation,
  NOW,
  organisation,
  practitioner,
  startAccreditation,
} from '../accounts.fixture.ts';
import { ingestAccreditation } from '../ingest.ts';

const KEY = Buffer.alloc(32, 5).toString('base64url');
const digest = createValueDigest(KEY);
const iat = NOW.getTime() / 1000;
const school = organisation({ id: 'SCHOOL-1', sector: 'EDUCATION' });

let accreditation: Accreditation;
beforeAll(async () => {
  accreditation = await startAccreditation();
});
afterAll(() => accreditation?.stop());
beforeEach(() =>
  accreditation.holds(
    [organisation({ authorities: ['975', '976'] }), school],
    [
      practitioner('p-one', { name: 'Anna Smith-Jones' }),
      practitioner('p-two', { name: 'Daniel Whitfield' }),
      practitioner('p-gone', { name: 'Lee Roe', suspendedAt: '2026-06-01T09:00:00.000Z' }),
      practitioner('p-teacher', { name: 'Ruth Pemberton', organisationId: 'SCHOOL-1', role: 'teacher' }),
    ],
  ),
);

async function send(content: object, role = 'gateway') {
  const payload = await testSystemBody(TEST_KEYS, 'accreditation', '/comparisons', content, { role, iat });
  return await accreditation.app.inject({ method: 'POST', url: '/comparisons', payload });
}

const reader = (practitionerId: string, organisationId = 'LA-975') => ({ practitionerId, organisationId });
const persons = (...names: readonly string[]) => names.map((name) => digest('person', name));

describe('POST /comparisons', () => {
  test('gives names, colleagues and areas as digests, in the order of the question, and no value', async () => {
    const readers = [reader('p-teacher', 'SCHOOL-1'), reader('p-one')];
    const response = await send({ key: KEY, readers });
    const [teacher, one] = response.json().readers;
    expect(teacher).toEqual({
      familyNames: [digest('family-name', 'PEMBERTON')],
      persons: persons('RUTH PEMBERTON'),
      ...{ colleagues: [], authorities: [] },
    });
    expect(one).toEqual({
      familyNames: ['SMITHJONES', 'SMITH', 'JONES'].map((name) => digest('family-name', name)),
      persons: persons('ANNA SMITHJONES', 'ANNA SMITH', 'ANNA JONES'),
      colleagues: expect.arrayContaining(persons('DANIEL WHITFIELD', 'LEE ROE')),
      authorities: ['975', '976'].map((authority) => digest('authority', authority)),
    });
    expect(one.colleagues).toHaveLength(2);
    for (const value of ['Smith', 'SMITH', 'Whitfield', '975']) expect(response.body).not.toContain(value);
  });

  test('goes by the organisation where they read, whatever theirs is now', async () => {
    const [moved] = (await send({ key: KEY, readers: [reader('p-one', 'SCHOOL-1')] })).json().readers;
    expect(moved.colleagues).toEqual(persons('RUTH PEMBERTON'));
    expect(moved.authorities).toEqual([]);
  });

  test('knows nothing of somebody unknown', async () => {
    const [nobody] = (await send({ key: KEY, readers: [reader('p-nobody', 'LA-000')] })).json().readers;
    expect(nobody).toEqual({ familyNames: [], persons: [], colleagues: [], authorities: [] });
  });

  test('keeps an area that a later feed leaves out', async () => {
    await ingestAccreditation(accreditation.store, { organisations: [organisation()], practitioners: [] });
    const [one] = (await send({ key: KEY, readers: [reader('p-one')] })).json().readers;
    expect(one.authorities).toHaveLength(2);
  });

  test('is journaled, and is not for practitioners', async () => {
    await accreditation.store`truncate access_journal`;
    await send({ key: KEY, readers: [reader('p-one')] });
    const rows = await accreditation.store`select practitioner, operation, child_id from access_journal`;
    expect([...rows]).toEqual([{ practitioner: 'gateway', operation: 'comparisons', child_id: null }]);
    expect((await send({ key: KEY, readers: [] }, 'administrator')).statusCode).toBe(401);
  });

  test.each([{ readers: [] }, { key: 'short', readers: [] }, { key: KEY, readers: [{}] }])(
    'is refused for %j',
    async (content) => {
      expect((await send(content)).statusCode).toBe(400);
    },
  );
});
