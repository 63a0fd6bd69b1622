import { expect, test } from 'vitest';
import { describeReport, type Mutant, reportOf } from './report.ts';

const mutant = (status: string, fileName = 'fetch.ts'): Mutant => ({
  fileName,
  line: 7,
  mutator: 'ConditionalExpression',
  replacement: 'false',
  status,
});

test('what no test noticed and what no test ran both count against the score', () => {
  const report = reportOf(
    ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage'].map((each) => mutant(each)),
  );
  expect(report).toMatchObject({ score: 0.6, killed: 3, survived: 2 });
  expect(report.files).toEqual({ 'fetch.ts': { killed: 3, survived: 2 } });
});

test('what was left out or could not run counts neither way', () => {
  expect(
    reportOf(['Ignored', 'CompileError', 'RuntimeError', 'Killed'].map((each) => mutant(each))),
  ).toMatchObject({
    score: 1,
    killed: 1,
  });
});

test('a run without mutants proves nothing', () => {
  expect(reportOf([]).score).toBe(0);
});

test('says where each survivor is', () => {
  expect(describeReport(reportOf([mutant('Survived'), mutant('Killed', 'merge.ts')]))).toBe(
    [
      'fetch.ts:7 Survived ConditionalExpression: false',
      '',
      '  0.0 %  fetch.ts',
      '100.0 %  merge.ts',
      '',
      '50.0 % of 2 mutants were noticed, 1 were not.',
    ].join('\n'),
  );
});
