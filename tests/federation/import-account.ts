import { expect } from 'vitest';
import type { ImportRun } from './import-command.ts';

/** Every row was taken, found to be there, or set aside with a reason. */
export function expectAccounted({ code, output, report }: ImportRun): void {
  expect(code, output).toBe(0);
  const { rows = 0, accepted = 0, updated = 0, unchanged = 0, quarantined = [] } = report ?? {};
  expect(accepted + updated + unchanged + quarantined.length).toBe(rows);
  expect(rows).toBeGreaterThan(0);
}

/** A second run of the same: it finds everything there, and sets the same aside. */
export function expectUnchanged(first: ImportRun, second: ImportRun): void {
  expectAccounted(second);
  expect(second.report).toMatchObject({
    rows: first.report?.rows,
    accepted: 0,
    updated: 0,
    quarantined: first.report?.quarantined,
  });
}
