import { translateError } from '@contactpoint/executor/records/subgraph-error';
import { ARGUMENT_PROBLEMS, badArgument } from '@contactpoint/subgraph-kit/subgraph-error';
import { expect, test } from 'vitest';

test.each(ARGUMENT_PROBLEMS)('the gateway says in words of its own that an argument is %s', (problem) => {
  const { code, extensions, message } = badArgument('role', problem, 'Jane Doe is no teacher');
  const error = { message, extensions: { ...extensions, code } };
  const told = translateError(error, 'accreditation', new Set(['role']));
  expect(told.extensions).toEqual({ code: 'BAD_USER_INPUT', argument: 'role', problem });
  expect(told.message).toMatch(/^An argument was not accepted: \w.+/);
  expect(told.message).not.toContain('Jane');
});
