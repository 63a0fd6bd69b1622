import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCheckpoint } from '@contactpoint/audit-log/checkpoint';
import { verifyInclusion } from '@contactpoint/audit-log/merkle';
import { readNote } from '@contactpoint/audit-log/note-format';
import { ed25519Verifier, publicKeyOf, verifiedBy } from '@contactpoint/audit-log/signed-note';
import { mergeIdentities } from '@contactpoint/directory/merge-identities';
import { connect } from '@contactpoint/subgraph-kit/store';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askForEvents, leafOf, receiptOf } from '../access/access-log.ts';
import { VIEW } from '../access/operations/joined-view.ts';
import { breakingGlass, SEALED_VIEW } from '../access/override-windows.ts';
import { codeOf, reasonsOf } from '../access/reasons.ts';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { auditorOf, readersIn } from './auditor.ts';

const PROOF = /* GraphQL */ `
  query Proof($origin: String!, $index: String!) {
    inclusionProof(origin: $origin, index: $index) {
      leafHash
      path
      checkpoint { origin size rootHash signedNote }
    }
  }
`;

/** What a checkpoint of what was just recorded may take. */
const COVERED = { timeout: 15_000, interval: 250 };

let system: TestSystem;
let auditor: ReturnType<typeof auditorOf>;

beforeAll(async () => {
  system = await startTestSystem();
  auditor = auditorOf(system);
});
afterAll(async () => {
  await system?.remove();
});

const view = (persona: string, purpose: string, id = system.scenarios.joined) =>
  system.ask(persona, { query: VIEW, variables: { id }, purpose });

/** A note of this deployment, by the key that it published. */
function isSigned(signedNote: string): boolean {
  const [vkey = ''] = readFileSync(join(system.data, 'audit-keys.txt'), 'utf8').trim().split('\n');
  const note = readNote(signedNote);
  const { origin } = readCheckpoint(note.text);
  return verifiedBy(note, [ed25519Verifier(origin, publicKeyOf(vkey).publicKey)]).includes(origin);
}

describe('a statement of access', () => {
  test('tells who, when, for whom, what for and which categories, as a person can read them', async () => {
    const { joined } = system.scenarios;
    await view('social-worker', 'S47');
    await view('general-practitioner', 'DC');
    const { body } = await auditor.statement(joined);
    expect(body.errors).toBeUndefined();
    const { events, ...about } = body.data.accessStatement;
    expect(about).toMatchObject({ childId: joined, childIds: [joined], from: null, to: null });
    expect(events).toMatchObject([
      {
        practitionerId: 'p-general-practitioner',
        role: 'general-practitioner',
        purpose: 'DC',
        breakGlass: false,
        subjects: [
          { childId: joined, categories: expect.arrayContaining(['IDENTITY', 'LOCATION', 'SPECIAL']) },
        ],
      },
      {
        practitionerId: 'p-social-worker',
        organisationId: expect.stringMatching(/^LA-/),
        purpose: 'S47',
        subjects: [
          { childId: joined, categories: expect.arrayContaining(['IDENTITY', 'STATUS', 'SPECIAL']) },
        ],
      },
    ]);
    expect(events.every(({ at }: { at: string }) => Math.abs(Date.parse(at) - Date.now()) < 600_000)).toBe(
      true,
    );
  });

  test('marks break-glass, and that something sealed was seen', async () => {
    const { sensitive } = system.scenarios;
    await breakingGlass(system, 'emergency-clinician', { query: SEALED_VIEW, variables: { id: sensitive } });
    const { body } = await auditor.statement(sensitive);
    const [event] = body.data.accessStatement.events;
    expect(event).toMatchObject({ practitionerId: 'p-emergency-clinician', breakGlass: true });
    expect(event.subjects[0].categories).toContain('SEALED');
  });

  test('keeps to its days, and is null of everybody but the child', async () => {
    const { joined, twins } = system.scenarios;
    const days = { from: '2001-01-01', to: '2001-12-31' };
    expect(readersIn(await auditor.statement(joined, days))).toEqual([]);
    expect(readersIn(await auditor.statement(twins[0]))).toEqual([]);
  });

  test('can be checked: each access is proven, and the checkpoints are signed', async () => {
    const { events } = (await auditor.statement(system.scenarios.joined)).body.data.accessStatement;
    for (const { origin, index } of events) {
      const prove = async () =>
        (await system.ask('auditor', { query: PROOF, variables: { origin, index } })).body.data
          .inclusionProof;
      await expect.poll(prove, COVERED).not.toBeNull();
      const { leafHash, path, checkpoint } = await prove();
      const bytes = (text: string) => Buffer.from(text, 'base64');
      const claim = {
        index: Number(index),
        size: Number(checkpoint.size),
        leafHash: bytes(leafHash),
        root: bytes(checkpoint.rootHash),
      };
      expect(verifyInclusion(claim, path.map(bytes))).toBe(true);
      expect(isSigned(checkpoint.signedNote)).toBe(true);
    }
    const { checkpoint } = (await auditor.statement(system.scenarios.joined)).body.data.accessStatement;
    expect(checkpoint.origin).toBe('contactpoint.local/aggregate');
    expect(isSigned(checkpoint.signedNote)).toBe(true);
    const { body } = await system.ask('auditor', { query: '{ checkpoints { origin signedNote } }' });
    expect(body.data.checkpoints.length).toBeGreaterThan(1);
    expect(body.data.checkpoints.every((each: { signedNote: string }) => isSigned(each.signedNote))).toBe(
      true,
    );
  });

  test('is itself on record with the child, and not part of the next one', async () => {
    const { empty } = system.scenarios;
    const first = await auditor.statement(empty);
    const { event } = await leafOf(system, first);
    expect(event).toMatchObject({
      ...{ practitioner: 'p-auditor', outcome: 'RELEASED' },
      subjects: [{ child: empty, released: ['Query.accessStatement'], withheld: [], policies: [] }],
    });
    const second = await auditor.statement(empty);
    expect(second.body.data.accessStatement.events).toEqual([]);
    const { events } = await askForEvents(system, { childId: empty });
    const receipts = events.map(({ origin, index }) => `${origin} ${index}`);
    for (const answer of [first, second]) {
      const { origin, index } = receiptOf(answer);
      expect(receipts).toContain(`${origin} ${index}`);
    }
  });

  test.each(['social-worker', 'administrator', 'accreditation-officer'])(
    'is not for the %s',
    async (persona) => {
      const answer = await auditor.statement(system.scenarios.joined, {}, persona);
      expect(answer.body.data?.accessStatement ?? null).toBeNull();
      expect(reasonsOf(answer)).toMatchObject({ accessStatement: 'SCOPE' });
    },
  );
});

describe('a child with several numbers', () => {
  test('has one statement, whichever of them is asked about', async () => {
    const [number, givenUp] = [system.scenarios.twins[0], system.scenarios.unrelated];
    await system.ask('identity-steward', { query: VIEW, variables: { id: givenUp }, purpose: 'MATCH' });
    await system.ask('identity-steward', { query: VIEW, variables: { id: number }, purpose: 'MATCH' });
    const directory = connect(system.databases.directory, { max: 1 });
    const reason = 'Both were seen with the same passport';
    await mergeIdentities(directory, {
      ...{ from: givenUp, into: number, by: 'p-steward', reason },
      at: new Date(),
    });
    await directory.end();

    const [one, other] = [await auditor.statement(number), await auditor.statement(givenUp)];
    expect(one.body.data.accessStatement.childIds).toEqual([givenUp, number].sort());
    expect(readersIn(one)).toEqual(['p-identity-steward', 'p-identity-steward']);
    expect(other.body.data.accessStatement.events).toEqual(one.body.data.accessStatement.events);
  });

  test('of whom nobody may know that they are one has two, and neither leads to the other', async () => {
    const [before, after] = system.scenarios.adopted;
    await system.ask('identity-steward', { query: VIEW, variables: { id: before }, purpose: 'MATCH' });
    const other = await auditor.statement(after);
    expect(other.body.data.accessStatement).toMatchObject({ childIds: [after], events: [] });
    expect(other.text).not.toContain(before);
    expect(readersIn(await auditor.statement(before))).toEqual(['p-identity-steward']);
  });

  test('has none while the directory cannot say which they are', async () => {
    await system.services.get('directory')?.stop();
    const answer = await auditor.statement(system.scenarios.joined);
    expect([answer.status, codeOf(answer)]).toEqual([503, 'ACCESS_UNDECIDED']);
    expect(answer.body).not.toHaveProperty('data');
    await system.restart('directory');
    expect((await auditor.statement(system.scenarios.joined)).status).toBe(200);
  });
});
