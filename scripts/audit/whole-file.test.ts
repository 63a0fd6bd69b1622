import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AuditCommandError } from './audit-command-error.ts';
import { openWholeFile } from './whole-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'contactpoint-whole-file-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string) => join(folder, name);

describe('openWholeFile', () => {
  test('gives a file its name when it is whole, and its owner alone may read it', async () => {
    const whole = await openWholeFile(file('kept'), { replaces: false });
    for (let line = 0; line < 20_000; line++) await whole.write(`${line}\n`);
    expect(existsSync(file('kept'))).toBe(false);
    await whole.keep();
    await whole.close();
    expect(readFileSync(file('kept'), 'utf8').split('\n')).toHaveLength(20_001);
    expect(statSync(file('kept')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['kept']);
  });

  test('leaves what was written beside it when something ended the writing, and is not begun over that', async () => {
    const broken = await openWholeFile(file('broken'), { replaces: false });
    await broken.write('half');
    await broken.close();
    expect(existsSync(file('broken'))).toBe(false);
    expect(readFileSync(file('broken.part'), 'utf8')).toBe('half');
    await expect(openWholeFile(file('broken'), { replaces: false })).rejects.toThrow(/broken\.part .*EEXIST/);
    expect(readFileSync(file('broken.part'), 'utf8')).toBe('half');
  });

  test('leaves nothing where nothing was written', async () => {
    await (await openWholeFile(file('empty'), { replaces: false })).close();
    expect(existsSync(file('empty.part'))).toBe(false);
  });

  test('keeps what is there until there is something whole in its place', async () => {
    writeFileSync(file('former'), 'former', { mode: 0o644 });
    writeFileSync(file('former.part'), 'left behind');
    const broken = await openWholeFile(file('former'), { replaces: true });
    await broken.write('half');
    await broken.close();
    expect(readFileSync(file('former'), 'utf8')).toBe('former');
    const whole = await openWholeFile(file('former'), { replaces: true });
    await whole.write('whole');
    await whole.keep();
    await whole.close();
    expect(readFileSync(file('former'), 'utf8')).toBe('whole');
    expect(statSync(file('former')).mode & 0o777).toBe(0o600);
  });

  test('refuses what is there where nothing may be replaced', async () => {
    writeFileSync(file('mine'), 'mine');
    await expect(openWholeFile(file('mine'), { replaces: false })).rejects.toThrow(/EEXIST/);
    expect(readFileSync(file('mine'), 'utf8')).toBe('mine');
  });

  test.each([
    ['a folder that there is not', '/nowhere/at/all'],
    ['a folder', tmpdir()],
  ])('says which file cannot be written: in place of %s', async (_case, name) => {
    const opening = openWholeFile(name, { replaces: true });
    await expect(opening).rejects.toThrow(AuditCommandError);
    await expect(opening).rejects.toThrow(name);
  });

  test('writes to what is no file as it is, and says when it takes no more', async () => {
    const full = await openWholeFile('/dev/full', { replaces: true });
    const writing = (async () => {
      await full.write('x'.repeat(1 << 20));
      await full.keep();
    })();
    await expect(writing).rejects.toThrow('/dev/full cannot be written (ENOSPC)');
    await full.close();
    expect(existsSync('/dev/full.part')).toBe(false);
  });
});
