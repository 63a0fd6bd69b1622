import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { commitReturn, countReturn } from '../commit.ts';
import type { ImportOptions } from '../options.ts';
import { Account, type ReturnReport } from '../report.ts';
import { Staging } from '../staging.ts';
import { childOf, type Element, textOf } from './element.ts';
import { readCinXml } from './read-xml.ts';
import { CinStager } from './stage.ts';
import { CIN_SHAPE } from './tables.ts';

/**
 * Imports a CIN census return. The whole file is read and checked before anything of it is stored.
 *
 * @throws MalformedFileError when it is no well-formed census, or does not say whose it is; nothing is stored.
 */
export async function importCin(
  store: Store,
  file: string,
  { register, onProgress, dryRun = false }: ImportOptions,
): Promise<ReturnReport> {
  const { size } = await stat(file);
  let read = 0;
  const account = new Account();
  await using staging = await Staging.open(store);

  let stager: CinStager | undefined;
  const parts = readCinXml(file, (bytes) => {
    read += bytes;
    onProgress?.(read, size);
  });
  for await (const part of parts) {
    if (part.name === 'Header')
      stager = new CinStager(staging, account, basename(file), authorityOf(part, file));
    else if (stager === undefined) throw missingHeader(file, part.line);
    else await stager.stage(part);
  }
  if (stager === undefined) throw missingHeader(file, 1);

  if (dryRun) await countReturn(staging, CIN_SHAPE, account);
  else await commitReturn(staging, CIN_SHAPE, register, account);
  return account.close('cin');
}

/** DfE code of the authority whose return this is. */
function authorityOf(header: Element, file: string): string {
  const details = childOf(header, 'CollectionDetails');
  const source = childOf(header, 'Source');
  const place = { file: basename(file), line: header.line };
  if (details === undefined || textOf(details, 'Collection') !== 'CIN')
    throw new MalformedFileError({ ...place, field: 'Collection' }, 'not a return of the CIN census');
  const authority = source && textOf(source, 'LEA');
  if (authority === undefined || !/^\d{3}$/.test(authority))
    throw new MalformedFileError({ ...place, field: 'LEA' }, 'no local authority of three digits');
  return authority;
}

function missingHeader(file: string, line: number): MalformedFileError {
  return new MalformedFileError({ file: basename(file), line, field: 'Header' }, 'the header is missing');
}
