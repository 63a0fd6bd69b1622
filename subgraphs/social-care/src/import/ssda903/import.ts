import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type FilePlace, MalformedFileError } from '@contactpoint/subgraph-kit/import-report';
import type { Store } from '@contactpoint/subgraph-kit/store';
import { ETHNICITY } from '../../code-sets.ts';
import { calendarDateOfDayMonthYear } from '../calendar.ts';
import { commitReturn, countReturn } from '../commit.ts';
import { Fields } from '../fields.ts';
import type { ImportOptions } from '../options.ts';
import { RowRefused } from '../refusal.ts';
import type { IncomingIdentity } from '../registration.ts';
import { Repeats } from '../repeats.ts';
import { Account, type ReturnReport } from '../report.ts';
import { Staging } from '../staging.ts';
import { readUpn } from '../upn.ts';
import { SSDA903_SEX } from './codes.ts';
import { readSsda903, recogniseSsda903 } from './read-csv.ts';
import { READ_SSDA903_ROW } from './rows.ts';
import { SSDA903_FILES, SSDA903_ROWS, SSDA903_SHAPE, type Ssda903FileName } from './tables.ts';

export interface Ssda903Options extends ImportOptions {
  /** DfE code of the local authority, `975`: no file of the set names it. */
  readonly authority: string;
}

/** Children of the header: born on, or null for one whose row was not taken. */
type Header = Map<string, string | null>;

/** What the steps of one import share. */
interface Progress {
  readonly staging: Staging;
  readonly account: Account;
  readonly repeats: Repeats;
  readonly header: Header;
  readonly authority: string;
  readonly onRead: (bytes: number) => void;
}

/**
 * Imports an SSDA903 return: the header and any of the other files. A file is known by its columns. Rows are checked
 * and staged first; only when all files have been read to their end is anything stored.
 *
 * @throws MalformedFileError when a file is not what it should be, or the header is not among them; nothing is stored.
 */
export async function importSsda903(
  store: Store,
  files: readonly string[],
  { authority, register, onProgress, dryRun = false }: Ssda903Options,
): Promise<ReturnReport> {
  const set = await Promise.all(files.map(async (file) => ({ file, name: await recogniseSsda903(file) })));
  if (!set.some(({ name }) => name === 'header')) {
    throw new MalformedFileError(
      { file: basename(files[0] ?? 'SSDA903'), line: 1 },
      'the header is missing from the set',
    );
  }
  const total = (await Promise.all(files.map(async (file) => (await stat(file)).size))).reduce(
    (sum, size) => sum + size,
    0,
  );
  let read = 0;

  await using staging = await Staging.open(store);
  const progress: Progress = {
    staging,
    account: new Account(),
    repeats: new Repeats(),
    header: new Map(),
    authority,
    onRead: (bytes) => {
      read += bytes;
      onProgress?.(read, total);
    },
  };
  const [headers, others] = [set.filter(({ name }) => name === 'header'), set.filter(isNotHeader)];
  for (const { file } of headers) await stageHeader(file, progress);
  for (const { file, name } of others) await stageRows(file, name, progress);

  if (dryRun) await countReturn(staging, SSDA903_SHAPE, progress.account);
  else await commitReturn(staging, SSDA903_SHAPE, register, progress.account);
  return progress.account.close('ssda903');
}

type OtherFile = { readonly file: string; readonly name: Exclude<Ssda903FileName, 'header'> };

function isNotHeader(entry: { readonly file: string; readonly name: Ssda903FileName }): entry is OtherFile {
  return entry.name !== 'header';
}

async function stageHeader(file: string, progress: Progress): Promise<void> {
  const { staging, account, repeats, header, authority, onRead } = progress;
  const kind = SSDA903_FILES.header.name;
  for await (const { line, field } of readSsda903(file, onRead)) {
    const fields = new Fields({ file: basename(file), line }, field, calendarDateOfDayMonthYear);
    account.met(kind);
    try {
      const { identity, dropped } = readIdentity(fields, authority);
      const repeat = repeats.compare([kind, identity.localId], identity);
      if (repeat === 'contradicted') throw new RowRefused('CONTRADICTS_EARLIER_ROW');
      if (repeat === 'repeated') {
        account.taken(kind, { unchanged: 1 });
        continue;
      }
      if (dropped !== undefined) account.drop(fields.place, dropped, 'UPN');
      header.set(identity.localId, identity.dateOfBirth);
      await staging.child({ identity, place: fields.place, columns: {} });
    } catch (error) {
      quarantine(error, kind, fields.place, account);
      const child = fields.optional('CHILD');
      if (child !== null && !header.has(child)) header.set(child, null);
    }
  }
}

function readIdentity(fields: Fields, authority: string) {
  const localId = fields.optional('CHILD');
  if (localId === null) throw new RowRefused('MISSING_LOCAL_ID', 'CHILD');
  const sex = fields.code('SEX', SSDA903_SEX) as keyof typeof SSDA903_SEX;
  const dateOfBirth = fields.date('DOB');
  const ethnicity = fields.optionalCode('ETHNIC', ETHNICITY);
  const { upn, dropped } = readUpn(fields.optional('UPN'));
  const identity = {
    ref: localId,
    authority,
    localId,
    dateOfBirth,
    sex: SSDA903_SEX[sex],
    ...(upn === undefined ? {} : { upn }),
    ...(ethnicity === null ? {} : { ethnicity }),
  } satisfies IncomingIdentity;
  return { identity, dropped };
}

async function stageRows(file: string, name: OtherFile['name'], progress: Progress): Promise<void> {
  const { staging, account, repeats, header, onRead } = progress;
  const kind = SSDA903_ROWS[name];
  for await (const { line, field } of readSsda903(file, onRead)) {
    const fields = new Fields({ file: basename(file), line }, field, calendarDateOfDayMonthYear);
    account.met(kind.name);
    try {
      const child = fields.optional('CHILD');
      if (child === null) throw new RowRefused('MISSING_LOCAL_ID', 'CHILD');
      const bornOn = header.get(child);
      if (bornOn === undefined) throw new RowRefused('UNKNOWN_CHILD', 'CHILD');
      if (bornOn === null) throw new RowRefused('CHILD_NOT_TAKEN', 'CHILD');
      const { key, kept } = READ_SSDA903_ROW[name](fields, bornOn);
      const repeat = repeats.compare([kind.name, child, ...key], kept);
      if (repeat === 'contradicted') throw new RowRefused('CONTRADICTS_EARLIER_ROW');
      await staging.row(kind, child, fields.place, repeat === 'repeated' ? null : kept);
    } catch (error) {
      quarantine(error, kind.name, fields.place, account);
    }
  }
}

function quarantine(error: unknown, kind: string, place: FilePlace, account: Account): void {
  if (!(error instanceof RowRefused)) throw error;
  account.quarantine(kind, place, error.reason, error.field);
}
