import type { Decision } from '@contactpoint/access/decision';
import { describe, expect, test } from 'vitest';
import { contractSupergraph } from '../testing/contract-supergraph.ts';
import { decide } from '../testing/decisions.ts';
import { ALLOCATED, NO_RELATIONSHIP, principalOf, TEAM, TEAM_SHIELDED } from '../testing/personas.ts';
import { createAdmit } from './admission.ts';

const supergraph = contractSupergraph();
const worker = (facts: typeof TEAM) => decide(principalOf('social-worker'), 'S47', false, facts);
const DIRECTORY = { subgraph: 'directory', coordinates: ['Child.id', 'Child.familyName', 'Child.addresses'] };

describe('createAdmit', () => {
  test('is decided once for a text and a decision, whether or not anything may be asked', () => {
    let looked = 0;
    const admit = createAdmit({
      ...supergraph,
      sectorOfSubgraph: (name) => {
        looked++;
        return supergraph.sectorOfSubgraph(name);
      },
    });
    const places = { subgraph: 'health', coordinates: ['Child.conditions'] };
    for (let time = 0; time < 3; time++) {
      expect(admit(DIRECTORY, worker(TEAM))).toBe(admit(DIRECTORY, worker(TEAM)));
      expect(admit(places, worker(NO_RELATIONSHIP))).toBeUndefined();
    }
    expect(looked).toBe(2);
    admit(DIRECTORY, worker(ALLOCATED));
    admit({ ...DIRECTORY, coordinates: [...DIRECTORY.coordinates] }, worker(TEAM));
    admit({ ...DIRECTORY, subgraph: 'education' }, worker(TEAM));
    expect(looked).toBe(5);
  });

  test('and anew for another decision, another text and another agency', () => {
    const admit = createAdmit(supergraph);
    const [team, unrelated] = [admit(DIRECTORY, worker(TEAM)), admit(DIRECTORY, worker(NO_RELATIONSHIP))];
    expect(team).toEqual({
      omit: new Set(),
      omitted: '',
      grant: { IDENTITY: 'FULL', LOCATION: 'FULL' },
      decoy: false,
    });
    expect(unrelated).toEqual({
      omit: new Set(['Child.addresses']),
      omitted: 'Child.addresses',
      grant: { IDENTITY: 'FULL' },
      decoy: false,
    });
    const alone = { ...DIRECTORY, coordinates: ['Child.addresses'] };
    expect(admit(alone, worker(TEAM))).toMatchObject({ grant: { LOCATION: 'FULL' }, decoy: false });
    expect(admit(alone, worker(TEAM_SHIELDED))).toMatchObject({ grant: { LOCATION: 'FULL' }, decoy: true });
    expect(admit({ ...alone, subgraph: 'oversight' }, worker(TEAM))).toBeUndefined();
  });

  test('what is public of a child may be asked of any child, by a grant that names no class', () => {
    const classification = new Map(supergraph.classification);
    classification.set('Child.sex', { class: 'REFERENCE', minimal: false });
    const admit = createAdmit({ ...supergraph, classification });
    const asked = { ...DIRECTORY, coordinates: ['Child.sex', 'Child.unheardOf'] };
    expect(admit(asked, decide(principalOf('teacher'), 'ED', false, NO_RELATIONSHIP))).toEqual({
      omit: new Set(['Child.unheardOf']),
      omitted: 'Child.unheardOf',
      grant: {},
      decoy: false,
    });
    // Not even that of an agency that holds no record of children.
    expect(admit({ ...asked, subgraph: 'oversight' }, worker(TEAM))).toBeUndefined();
  });

  test('a decision is asked about the classes of the text, and about nothing that is public', () => {
    const asked = new Set<unknown>();
    const cell = {
      ...({ level: 'NONE', apparentLevel: 'NONE', reason: 'POLICY', minimalReason: 'POLICY' } as const),
      policies: [],
    };
    const decision: Decision = {
      of(sector, name) {
        asked.add(`${sector} ${name}`);
        return name === 'IDENTITY' ? { ...cell, level: 'FULL', apparentLevel: 'FULL' } : cell;
      },
      grantFor: () => ({}),
    };
    const classification = new Map(supergraph.classification);
    classification.set('Child.sex', { class: 'REFERENCE', minimal: false });
    const coordinates = [...DIRECTORY.coordinates, 'Child.sex', 'Child.unheardOf'];
    expect(createAdmit({ ...supergraph, classification })({ ...DIRECTORY, coordinates }, decision)).toEqual({
      omit: new Set(['Child.addresses', 'Child.unheardOf']),
      omitted: 'Child.addresses Child.unheardOf',
      grant: { IDENTITY: 'FULL' },
      decoy: false,
    });
    expect([...asked].sort()).toEqual(['DIRECTORY IDENTITY', 'DIRECTORY LOCATION']);
  });
});
