import { AccessEventError } from '@contactpoint/audit-log/access-event';
import { NoteError } from '@contactpoint/audit-log/note-format';
import { MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import { LogFault } from '@contactpoint/audit-verifier/fault';
import { SettingsError } from '@contactpoint/audit-verifier/verify-settings';
import { AuditCommandError } from './audit-command-error.ts';
import { CopyFormatError } from './copy-rows.ts';
import { KnownKeysError } from './known-keys.ts';

const VERIFY = '`npm run audit -- verify` names everything that is wrong with it';

/**
 * What a command says of an error that ended it, in one sentence. Where the log itself is the reason it names the log and,
 * where that is known, the first leaf.
 *
 * @returns undefined for an error that nobody foresaw.
 */
export function sayFailure(error: unknown): string | undefined {
  if (error instanceof AuditCommandError || error instanceof SettingsError || error instanceof KnownKeysError)
    return error.message;
  if (error instanceof LogFault) {
    const { code, origin, index, message } = error.fault;
    const place = index === undefined ? '' : ` from leaf ${index} on`;
    return `The log ${origin} cannot be read${place} (${code}): ${message}. ${VERIFY}`;
  }
  if (error instanceof MissingTileError) return `${error.message}. ${VERIFY}`;
  if (error instanceof NoteError || error instanceof AccessEventError)
    return `The log does not have its form: ${error.message}. ${VERIFY}`;
  if (error instanceof CopyFormatError) return 'The audit database broke off while it was read';
  if (isNoUrl(error)) return 'The URL of a database is none';
  return sayOutOfReach(error);
}

/** Node's own error of it holds the text, and with it a password. */
function isNoUrl(error: unknown): boolean {
  return (
    error instanceof URIError || (error as { readonly code?: unknown } | null)?.code === 'ERR_INVALID_URL'
  );
}

/** By its code alone: a driver's own words may quote an address, and a file's path stands in what the caller gave. */
function sayOutOfReach(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path } = error as NodeJS.ErrnoException;
  if (typeof code !== 'string' || code.startsWith('ERR_')) return undefined;
  return path !== undefined && syscall !== 'connect'
    ? `${path} cannot be read or written (${code})`
    : `A database is out of reach, or refuses (${code})`;
}
