import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AccessQuestion } from './access-question.ts';
import { loadPolicySet } from './policy-set.ts';
import { PolicySetError } from './policy-set-error.ts';

const seed = new URL('./policies/', import.meta.url);

const question: AccessQuestion = {
  who: { role: 'teacher', sector: 'EDUCATION' },
  purpose: 'ED',
  override: false,
  facts: { relationship: 'TEAM', shielded: false, ownRecord: true },
  sector: 'DIRECTORY',
  sensitivityClass: 'IDENTITY',
  action: 'read',
};

let folder: URL;

beforeEach(() => {
  folder = pathToFileURL(`${mkdtempSync(`${tmpdir()}/policies-`)}/`);
  copyFileSync(new URL('schema.cedarschema', seed), new URL('schema.cedarschema', folder));
});

afterEach(() => rmSync(folder, { recursive: true }));

describe('loadPolicySet', () => {
  test('loads the seed, under a hash that does not depend on the division into files', () => {
    const { hash, ids } = loadPolicySet();
    for (const name of readdirSync(seed)) copyFileSync(new URL(name, seed), new URL(renamed(name), folder));
    expect(loadPolicySet(folder).hash).toBe(hash);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(ids).toContain('shield');
    expect(ids).toEqual(ids.toSorted());
  });

  test('one word changed is another set', () => {
    write('permit', '@id("p") permit (principal, action in Action::"read", resource);');
    const before = loadPolicySet(folder);
    write('permit', '@id("p") permit (principal, action == Action::"readMinimal", resource);');
    const after = loadPolicySet(folder);
    expect(after.hash).not.toBe(before.hash);
    // And the two do not disturb each other.
    expect([before.answer(question).allowed, after.answer(question).allowed]).toEqual([true, false]);
  });

  test.each([
    ['no policy at all', '', /no policies/],
    ['a policy without a name', 'permit (principal, action, resource);', /without @id/],
    ['an empty name', '@id("") permit (principal, action, resource);', /without @id/],
    [
      'a name used twice',
      '@id("p") permit (principal, action, resource);'.repeat(2),
      /policy p is there twice/,
    ],
    ['text that is no policy', 'allow everybody', /odd\.cedar/],
    ['a template', '@id("p") permit (principal == ?principal, action, resource);', /template/],
    ['an attribute outside the closed set', policy('context.age > 3'), /policy p: .*age/],
    ['a misspelt role', policy('principal.role == Role::"socialworker"'), /policy p: .*socialworker/],
    [
      'a policy that can never apply',
      policy('principal.role == Role::"teacher" && false'),
      /policy p: .*impossible|policy p/,
    ],
    [
      'an action that nobody asks for',
      '@id("p") permit (principal, action == Action::"write", resource);',
      /policy p/,
    ],
  ])('refuses %s', (_case, text, message) => {
    write('odd', text);
    expect(() => loadPolicySet(folder)).toThrow(PolicySetError);
    expect(() => loadPolicySet(folder)).toThrow(message);
  });

  test('refuses two texts of which one is none, and says what is wrong with each', () => {
    write('odd', 'allow everybody');
    expect(() => loadPolicySet(folder)).toThrow(/^odd\.cedar: .*[a-z]{4}/);
  });

  test('refuses a policy at some length, not with the whole of it', () => {
    write('odd', `permit (principal, action, resource) when { ${'true && '.repeat(50)} true };`);
    const thrown = (() => {
      try {
        return loadPolicySet(folder);
      } catch (cause) {
        return cause as Error;
      }
    })();
    expect((thrown as Error).message.length).toBeLessThan(140);
  });

  test('names the file of the policy that does not hold, and the folder or the file that is missing', () => {
    write('odd', policy('context.age > 3'));
    expect(() => loadPolicySet(folder)).toThrow(/^odd\.cedar: policy p: /);
    rmSync(new URL('schema.cedarschema', folder));
    expect(() => loadPolicySet(folder)).toThrow(/^schema\.cedarschema cannot be read in \//);
    expect(() => loadPolicySet(new URL('nowhere/', folder))).toThrow(/nowhere\/ is no folder/);
    for (const missing of [folder, new URL('nowhere/', folder)]) {
      expect(() => loadPolicySet(missing)).toThrow(PolicySetError);
      expect(() => loadPolicySet(missing)).toThrow(
        expect.objectContaining({ cause: expect.objectContaining({ code: 'ENOENT' }) }),
      );
    }
  });

  test('refuses a schema that does not parse', () => {
    write('permit', '@id("p") permit (principal, action, resource);');
    writeFileSync(new URL('schema.cedarschema', folder), 'entity ;');
    expect(() => loadPolicySet(folder)).toThrow(/schema\.cedarschema/);
  });
});

describe('answer', () => {
  test('names the policies that decided, sorted', () => {
    write(
      'all',
      '@id("z") permit (principal, action, resource); @id("a") permit (principal, action, resource);',
    );
    expect(loadPolicySet(folder).answer(question)).toEqual({ allowed: true, policies: ['a', 'z'] });
    write('none', '@id("f") forbid (principal, action, resource);');
    expect(loadPolicySet(folder).answer(question)).toEqual({ allowed: false, policies: ['f'] });
  });

  test('a policy that fails denies, even where another one permits', () => {
    // Validation cannot see an overflow: the forbid is skipped by Cedar, the permit stands.
    write(
      'overflow',
      `@id("p") permit (principal, action, resource);
       @id("f") forbid (principal, action, resource) when { 9223372036854775807 + 1 > 0 };`,
    );
    expect(loadPolicySet(folder).answer(question).allowed).toBe(false);
  });

  test('a value outside the closed set is denied', () => {
    write('all', '@id("p") permit (principal, action, resource);');
    const strange = {
      ...question,
      who: { role: 'headteacher', sector: 'EDUCATION' },
    } as unknown as AccessQuestion;
    expect(loadPolicySet(folder).answer(strange)).toEqual({ allowed: false, policies: [] });
  });
});

function write(name: string, text: string): void {
  writeFileSync(new URL(`${name}.cedar`, folder), text);
}

function policy(condition: string): string {
  return `@id("p") permit (principal, action in Action::"read", resource) when { ${condition} };`;
}

function renamed(name: string): string {
  return name.endsWith('.cedar') ? `moved-${name.length}-${name}` : name;
}
