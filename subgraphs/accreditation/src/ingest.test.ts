import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  type Accreditation,
  OFFICER,
  OPERATOR,
  organisation,
  practitioner,
  startAccreditation,
} from './accounts.fixture.ts';
import { ingestAccreditation } from './ingest.ts';

let accreditation: Accreditation;

beforeAll(async () => {
  accreditation = await startAccreditation();
});

afterAll(() => accreditation.stop());

beforeEach(() => accreditation.holds([organisation()], [practitioner('p-one')]));

const rows = async () => [
  ...(await accreditation.store`select * from practitioner order by id`),
  ...(await accreditation.store`select * from organisation order by id`),
];

describe('ingestAccreditation', () => {
  test('again, it changes nothing', async () => {
    const before = await rows();
    await ingestAccreditation(accreditation.store, {
      organisations: [OPERATOR, organisation()],
      practitioners: [OFFICER, practitioner('p-one')],
    });
    expect(await rows()).toEqual(before);
  });

  test('takes over thousands at once', async () => {
    const practitioners = Array.from({ length: 12_000 }, (_, n) => practitioner(`p-${n}`));
    await ingestAccreditation(accreditation.store, { organisations: [], practitioners });
    const [count] = await accreditation.store`select count(*)::int as n from practitioner`;
    expect(count?.['n']).toBe(12_002);
  });

  test('neither lifts a suspension nor changes a stage nor takes evidence back', async () => {
    await accreditation.store`
      update practitioner set suspended_at = now(), vetting_issued_on = '2026-05-01', vetting_certificate = 'NEW'
      where id = 'p-one'`;
    await accreditation.store`update organisation set stage = 'SUSPENDED' where id = 'LA-975'`;
    const before = await rows();
    await ingestAccreditation(accreditation.store, {
      organisations: [organisation({ stage: 'LIVE' })],
      practitioners: [practitioner('p-one', { suspendedAt: null })],
    });
    expect(await rows()).toEqual(before);
  });

  test('a practitioner of an unknown organisation refuses the whole feed', async () => {
    const before = await rows();
    await expect(
      ingestAccreditation(accreditation.store, {
        organisations: [organisation({ id: 'LA-1' })],
        practitioners: [practitioner('p-lost', { organisationId: 'LA-0' })],
      }),
    ).rejects.toThrow();
    expect(await rows()).toEqual(before);
  });
});
