import { eventDigest } from '@contactpoint/access/grant';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from '../running-system.ts';
import { leafOf, readLeaves } from './access-log.ts';
import { journaledUnder, readJournals } from './agency-journals.ts';
import { RECORD } from './operations/doors.ts';
import { EVERYTHING, operationFor } from './operations/health-entities.ts';
import { VIEW } from './operations/joined-view.ts';
import { grantKeyOf, post, sign } from './straight-requests.ts';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(async () => {
  await system?.remove();
});

const view = (persona: string, purpose: string, id: string) =>
  system.ask(persona, { query: VIEW, variables: { id }, purpose });

/** Journal rows of every agency that no event answers for. */
async function bypasses() {
  const events = new Map<string, Set<string>>();
  for (const { event } of await readLeaves(system)) {
    const evt = eventDigest(Buffer.from(event.nonce, 'hex'));
    const jtis = events.get(evt) ?? new Set();
    for (const jti of event.jtis) jtis.add(jti);
    events.set(evt, jtis);
  }
  return (await readJournals(system)).filter(
    // A comparison for alerts may be under way: its event follows the answers.
    ({ evt, jti, operation }) => operation !== 'comparisons' && !events.get(evt)?.has(jti),
  );
}

describe('the agencies’ journals and the gateway’s log', () => {
  test('agree on one joined view, both ways', async () => {
    const answer = await view('general-practitioner', 'DC', system.scenarios.sensitive);
    const { event } = await leafOf(system, answer);
    const rows = await journaledUnder(system, answer);
    expect(new Set(rows.map(({ jti }) => jti))).toEqual(new Set(event.jtis));
    expect(new Set(rows.map(({ subgraph }) => subgraph))).toEqual(
      new Set(['accreditation', 'directory', 'health', 'social-care', 'education']),
    );
    const [subject] = event.subjects;
    const resolved = rows.filter(
      ({ operation, childId }) => operation === 'query' && childId === subject?.child,
    );
    expect(resolved.length).toBeGreaterThan(2);
    for (const { coordinates } of resolved)
      for (const coordinate of coordinates) expect(subject?.released).toContain(coordinate);
  });

  test('agree on whatever was asked, refused or changed through the gateway', async () => {
    const { joined, shielded, unrelated } = system.scenarios;
    await view('teacher', 'ED', shielded);
    await view('teacher', 'ED', unrelated);
    await view('lapsed-training', 'S47', joined);
    await view('auditor', 'AUD', joined);
    const input = { childId: unrelated, service: 'School nursing', from: '2026-11-01' };
    await system.ask('school-nurse', { query: RECORD, variables: { input }, purpose: 'DC' });
    await system.ask('teacher', { query: '{ school(urn: "900001") { name } me { id } }' });
    expect((await readJournals(system)).length).toBeGreaterThan(10);
    expect(await bypasses()).toEqual([]);
  });

  test('show whoever went past the gateway', async () => {
    const { sensitive } = system.scenarios;
    const operation = operationFor(sensitive);
    const claims = { children: { [sensitive]: EVERYTHING }, evt: 'f'.repeat(64) };
    const accessGrant = await sign(grantKeyOf(system, 'health'), operation, claims);
    await post(system, 'health', '/graphql', { ...operation, extensions: { accessGrant } });
    const found = await bypasses();
    expect(new Set(found.map(({ subgraph, practitioner }) => `${subgraph} ${practitioner}`))).toEqual(
      new Set(['health p-general-practitioner']),
    );
    expect(found.map(({ childId }) => childId)).toContain(sensitive);
  });
});
