import { resolve } from 'node:path';
import { isPlainText } from '@contactpoint/access/plain-text';
import { isPurposeOfUse } from '@contactpoint/access/purpose';
import { type Command, InvalidArgumentError } from 'commander';
import { dataFolder } from '../system/run-file.ts';

/** Where the log is, as every command that reads it is told. */
export interface PlaceOptions {
  readonly data: string;
  readonly databaseUrl?: string;
}

/** Who reads, and why, as every command is told that shows what the log says. */
export interface ReaderOptions {
  readonly practitioner: string;
  readonly reason: string;
  readonly purpose: string;
}

export function withPlace(command: Command): Command {
  return command
    .option('--data <folder>', 'folder of the system, CONTACTPOINT_DATA or', dataFolder())
    .option(
      '--database-url <url>',
      'audit database as its reader; AUDIT_READER_DATABASE_URL, or the system of the folder',
    );
}

export function withReader(command: Command): Command {
  return command
    .requiredOption('--practitioner <id>', 'who reads, as the log names practitioners')
    .requiredOption('--reason <text>', 'what for, 10 to 500 characters', reasonOf)
    .option('--purpose <code>', 'purpose of use', purposeOf, 'AUD');
}

/** Keys of a command that may be told none. */
export function keysFile(keys: string | undefined, data: string): string {
  return keys ?? resolve(data, 'audit-keys.txt');
}

/** @throws InvalidArgumentError */
export function reasonOf(text: string): string {
  if (text.length < 10 || text.length > 500)
    throw new InvalidArgumentError('Say it in 10 to 500 characters.');
  if (!isPlainText(text)) throw new InvalidArgumentError('Say it without characters that cannot be seen.');
  return text;
}

/** @throws InvalidArgumentError */
export function purposeOf(code: string): string {
  if (!isPurposeOfUse(code)) throw new InvalidArgumentError('It is no purpose of use.');
  return code;
}
