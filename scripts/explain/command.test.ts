import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { changedPolicies } from '@contactpoint/access/replay/testing/changed-policies';
import { describe, expect, test } from 'vitest';

const COMMAND = fileURLToPath(new URL('../explain.ts', import.meta.url));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
}

const socialWorker = ['--role', 'social-worker', '--purpose', 'S47', '--relationship', 'TEAM'];

describe('npm run explain', () => {
  test('shows level, what of it is withheld and why, and the deciding policy with its file and text', () => {
    const { status, stdout } = run(...socialWorker, '--class', 'SPECIAL', '--sector', 'HEALTH');
    expect(status).toBe(0);
    expect(stdout).toContain('HEALTH SPECIAL: MINIMAL\n  the rest withheld: reason POLICY\n');
    expect(stdout).toContain('  nothing that social-worker could bring opens more\n');
    expect(stdout).toMatch(/ {2}decided by social-worker-s47-minimal \(.*policies\/social-worker\.cedar\)/);
    expect(stdout).toContain('  @id("social-worker-s47-minimal")\n  permit (\n');
  });

  test('says what would help, and that a denial is silent', () => {
    const broken = [
      '--role',
      'emergency-clinician',
      '--purpose',
      'EC',
      '--class',
      'SEALED',
      '--sector',
      'HEALTH',
    ];
    expect(run(...broken).stdout).toContain(
      'HEALTH SEALED: NONE\n' +
        '  withheld: silently, no error\n' +
        '  would open FULL: break-glass\n' +
        '  decided by no policy: what none permits is refused\n',
    );
    expect(run(...broken, '--break-glass').stdout).toContain('HEALTH SEALED: FULL\n  decided by emergency');
    const early = [
      '--role',
      'social-worker',
      '--purpose',
      'EH',
      '--class',
      'STATUS',
      '--sector',
      'EDUCATION',
    ];
    expect(run(...early).stdout).toContain(
      '  minimal subset withheld: reason RELATIONSHIP\n' +
        '  other fields withheld: reason PURPOSE\n' +
        '  would open MINIMAL: relationship TEAM\n' +
        '  would open FULL: purpose S47 and relationship TEAM\n',
    );
  });

  test('without class and sector, all of them; as JSON, all of it', () => {
    const { status, stdout } = run(...socialWorker, '--own', '--shielded', '--json');
    expect(status).toBe(0);
    const { situation, policySet, explanations, policies } = JSON.parse(stdout);
    expect(situation).toEqual({
      role: 'social-worker',
      purpose: 'S47',
      override: false,
      facts: { relationship: 'TEAM', shielded: true, ownRecord: true },
    });
    expect(policySet).toMatch(/^[0-9a-f]{64}$/);
    expect(explanations).toHaveLength(49);
    expect(explanations).toContainEqual({
      sector: 'HEALTH',
      class: 'LOCATION',
      level: 'NONE',
      minimalDenial: 'SILENT',
      denial: 'SILENT',
      remedies: [{ relationship: 'ALLOCATED', level: 'FULL' }],
      policies: ['shield'],
    });
    expect(policies.shield).toEqual({
      file: expect.stringMatching(/shield\.cedar$/),
      text: expect.stringContaining('forbid'),
    });
  });

  test('explains another policy set, unless it does not load', () => {
    const { folder, remove } = changedPolicies({ 'social-worker-s47-minimal': undefined });
    const { folder: odd, remove: removeOdd } = changedPolicies({ odd: 'permit everybody;' });
    try {
      const health = ['--class', 'SPECIAL', '--sector', 'HEALTH'];
      const { status, stdout } = run(...socialWorker, ...health, '--policies', folder.pathname);
      expect(status).toBe(0);
      expect(stdout).toContain('HEALTH SPECIAL: NONE');
      const refused = run(...socialWorker, '--policies', odd.pathname);
      expect(refused).toMatchObject({ status: 78, stdout: '' });
      expect(refused.stderr).toContain('added.cedar');
    } finally {
      remove();
      removeOdd();
    }
  });

  test.each([
    ['no role', ['--purpose', 'S47'], '--role'],
    ['no purpose', ['--role', 'teacher'], '--purpose'],
    ['an unknown role', ['--role', 'headteacher', '--purpose', 'ED'], "'headteacher' is invalid"],
    ['a purpose in small letters', ['--role', 'teacher', '--purpose', 'ed'], "'ed' is invalid"],
    ['an unknown class', [...socialWorker, '--class', 'SECRET'], "'SECRET' is invalid"],
    ['an unknown sector', [...socialWorker, '--sector', 'WEATHER'], "'WEATHER' is invalid"],
    ['an unknown relationship', [...socialWorker, '--relationship', 'AUNT'], "'AUNT' is invalid"],
    ['an argument', [...socialWorker, 'SPECIAL'], 'too many arguments'],
  ])('exits with 64 for %s', (_case, args, sentence) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 64, stdout: '' });
    expect(stderr).toContain(sentence);
  });

  test('explains itself', () => {
    const { status, stdout } = run('--help');
    expect(status).toBe(0);
    expect(stdout).toContain('Exit codes: 0 explained, 64 usage, 78 the policies do not load.');
  });
});
