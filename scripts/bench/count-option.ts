import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number of 1 or more. @throws InvalidArgumentError */
export function countOption(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1) throw new InvalidArgumentError('It must be 1 or more.');
  return count;
}
