import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ReplaySchema, readReplaySchema } from '@contactpoint/access/replay/places';
import { readSubjectSectors } from '@contactpoint/gateway/subject-sectors';
import { readRunFile } from '../system/run-file.ts';
import { PolicyCommandError } from './policy-command-error.ts';

/** The supergraph that tells a coordinate's sector and class. */
export interface DiffSupergraph {
  /** Hex SHA-256 of the SDL, as events name it. */
  readonly hash: string;
  readonly schema: ReplaySchema;
}

/**
 * URL of the audit log's database as its reader: `AUDIT_READER_DATABASE_URL`, else what a started system left in its
 * folder.
 *
 * @throws PolicyCommandError CONFIGURATION when neither says.
 */
export function requireAuditReaderUrl(data: string, environment: NodeJS.ProcessEnv): string {
  const url = environment['AUDIT_READER_DATABASE_URL'] ?? readerUrlOf(data);
  if (url === undefined) {
    const problem = `AUDIT_READER_DATABASE_URL is not set and ${data}/run.json does not say: start the system first`;
    throw new PolicyCommandError('CONFIGURATION', problem);
  }
  return url;
}

/** @throws PolicyCommandError CONFIGURATION naming the file that is not there or no supergraph. */
export function requireSupergraph(data: string): DiffSupergraph {
  const file = join(data, 'supergraph.graphql');
  try {
    const sdl = readFileSync(file, 'utf8');
    return {
      hash: createHash('sha256').update(sdl).digest('hex'),
      schema: readReplaySchema(sdl, readSubjectSectors),
    };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyCommandError('CONFIGURATION', `${file} is no supergraph: ${why}`, { cause });
  }
}

function readerUrlOf(data: string): string | undefined {
  try {
    return readRunFile(data)?.audit.readerUrl;
  } catch (cause) {
    const problem = `${data}/run.json is not what a started system leaves there`;
    throw new PolicyCommandError('CONFIGURATION', problem, { cause });
  }
}
