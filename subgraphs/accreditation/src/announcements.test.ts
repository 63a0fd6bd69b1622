import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type Accreditation,
  NOW,
  organisation,
  practitioner,
  startAccreditation,
} from './accounts.fixture.ts';
import { ingestAccreditation } from './ingest.ts';

let accreditation: Accreditation;
let announced: unknown[];
beforeAll(async () => {
  announced = [];
  accreditation = await startAccreditation();
  await accreditation.store.listen('contactpoint_change', (payload) => announced.push(JSON.parse(payload)));
});
afterAll(() => accreditation?.stop());
beforeEach(async () => {
  await accreditation.holds([organisation()], [practitioner('p-1'), practitioner('p-2')]);
  await vi.waitFor(() => expect(announced).toContainEqual({ practitioners: ['p-officer', 'p-1', 'p-2'] }));
  announced.length = 0;
});

const one = { practitioners: ['p-1'] };
const suspend = () =>
  accreditation.asOfficer(
    'mutation { suspendAccess(practitionerId: "p-1", reason: "Left the authority") { id } }',
  );

describe('announces whose account changes', () => {
  test('suspension and restoration', async () => {
    await suspend();
    await vi.waitFor(() => expect(announced).toEqual([one]));
    await accreditation.asOfficer(
      'mutation { restoreAccess(practitionerId: "p-1", reason: "Came back to it") { id } }',
    );
    await vi.waitFor(() => expect(announced).toEqual([one, one]));
  });

  test('training and vetting', async () => {
    await accreditation.asOfficer(`mutation {
      recordTraining(practitionerId: "p-1", course: "Refresher", passedOn: "2026-06-01") { id }
      recordVetting(practitionerId: "p-1", certificate: "CERT-9", issuedOn: "2026-06-01") { id } }`);
    await vi.waitFor(() => expect(announced).toEqual([one, one]));
  });

  test('a stage, for all who belong to the organisation', async () => {
    await accreditation.asOfficer(
      'mutation { setOrganisationStage(organisationId: "LA-975", stage: SUSPENDED) { id } }',
    );
    await vi.waitFor(() => expect(announced).toEqual([{ organisations: ['LA-975'] }]));
  });

  test('a grant: the account was unknown before', async () => {
    const { data } = await accreditation.asOfficer(`mutation { grantAccess(input: {
      name: "New", role: "social-worker", organisationId: "LA-975", vettingCertificate: "CERT-NEW",
      vettingIssuedOn: "2026-01-01", trainingPassedOn: "2026-01-01", agreementSignedOn: "2026-01-01" }) { id } }`);
    await vi.waitFor(() => expect(announced).toEqual([{ practitioners: [data.grantAccess.id] }]));
  });

  test('a feed announces those whom it changes, and nobody else', async () => {
    const changed = practitioner('p-1', { trainingPassedOn: '2026-05-05' });
    await ingestAccreditation(accreditation.store, {
      organisations: [organisation({ name: 'Renamed' })],
      practitioners: [changed, practitioner('p-2')],
    });
    await vi.waitFor(() => expect(announced).toEqual([one]));
  });

  test('a break-glass window, when it opens and when it is reviewed', async () => {
    await accreditation.store`
      insert into override_window (evt, practitioner_id, child_id, opened_at, expires_at, review_due_at)
      values ('e-1', 'p-1', 'c', ${NOW}, ${NOW}, ${NOW})`;
    await accreditation.store`
      update override_window set reviewed_at = ${NOW}, outcome = 'JUSTIFIED' where evt = 'e-1'`;
    await vi.waitFor(() => expect(announced).toEqual([one, one]));
    await accreditation.store`delete from override_window`;
  });

  test('that an account was used is not announced: it changes nothing for one that is awake', async () => {
    await accreditation.store`update practitioner set last_used_at = ${NOW}`;
    await suspend();
    await vi.waitFor(() => expect(announced).toEqual([one]));
  });
});
