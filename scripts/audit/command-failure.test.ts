import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { NoteError } from '@contactpoint/audit-log/note-format';
import { createAuditDatabase } from '@contactpoint/audit-log/testing/audit-database';
import { openDatedLog } from '@contactpoint/audit-log/testing/dated-log';
import { MissingTileError } from '@contactpoint/audit-log/tiled-tree';
import { LogFault } from '@contactpoint/audit-verifier/fault';
import postgres from 'postgres';
import { describe, expect, test } from 'vitest';
import { sayFailure } from './command-failure.ts';

const COMMAND = fileURLToPath(new URL('../audit.ts', import.meta.url));
const ORIGIN = 'contactpoint.test/gateway-1/20260101T000000Z-4f2a';

const coded = (properties: object) => Object.assign(new Error('postgres://user:password@host'), properties);

describe('sayFailure', () => {
  test.each([
    [
      'a fault with its place',
      new LogFault({ code: 'INDEX', origin: ORIGIN, index: 7, message: 'leaf 7 is not there' }),
      `The log ${ORIGIN} cannot be read from leaf 7 on (INDEX): leaf 7 is not there. \`npm run audit -- verify\` names`,
    ],
    [
      'a fault of a whole log',
      new LogFault({ code: 'NO_KEY', origin: ORIGIN, message: 'no public key' }),
      `The log ${ORIGIN} cannot be read (NO_KEY): no public key.`,
    ],
    ['a hole', new MissingTileError(`The log ${ORIGIN} lacks leaf 3`), `The log ${ORIGIN} lacks leaf 3. `],
    ['a note', new NoteError('no signature'), 'The log does not have its form: no signature.'],
    ['a database', coded({ code: '57P01' }), 'A database is out of reach, or refuses (57P01)'],
    ['a host', coded({ code: 'ECONNREFUSED', syscall: 'connect' }), 'A database is out of reach, or refuses'],
    [
      'what is no URL',
      coded({ code: 'ERR_INVALID_URL', input: 'password' }),
      'The URL of a database is none',
    ],
    ['nor is it one with %', new URIError('URI malformed'), 'The URL of a database is none'],
    ['a full disk', coded({ code: 'ENOSPC', syscall: 'write', path: '/out/x' }), '/out/x cannot be'],
  ])('says of %s where it is, on one line and without an address', (_case, error, sentence) => {
    const said = sayFailure(error);
    expect(said).toContain(sentence);
    expect(said).not.toMatch(/\n|password/);
  });

  test.each([new TypeError('x is not a function'), coded({ code: 'ERR_INVALID_ARG_TYPE' }), 'thrown'])(
    'leaves %s to whoever mends it',
    (error) => expect(sayFailure(error)).toBeUndefined(),
  );
});

describe('npm run audit -- prove', () => {
  const prove = async (index: number, readerUrl: string) =>
    await new Promise<{ code: unknown; stdout: string; stderr: string }>((ended) => {
      const env = { PATH: process.env['PATH'], AUDIT_READER_DATABASE_URL: readerUrl };
      execFile(
        process.execPath,
        [COMMAND, 'prove', ORIGIN, String(index)],
        { env },
        (error, stdout, stderr) => ended({ code: error?.code ?? 0, stdout, stderr }),
      );
    });

  test('names the leaf that is missing, or that none of its checkpoints can be read, in one line', async () => {
    await using database = await createAuditDatabase();
    const log = await openDatedLog(database.ownerUrl, ORIGIN, () => new Date());
    for (let index = 0; index < 5; index++) await log.append(Buffer.from(String(index)));
    await log.close();
    const owner = postgres(database.ownerUrl, { max: 1, onnotice: () => undefined });
    const root = createHash('sha256').digest();
    await owner`
      insert into checkpoint (origin, size, root_hash, signed_note)
      values (${ORIGIN}, 5, ${root}, ${`${ORIGIN}\n5\n${root.toString('base64')}\n\n— ${ORIGIN} AAAAAAAA\n`})`;
    await owner`alter table leaf disable trigger append_only`;
    await owner`delete from leaf where index = 3`;
    const missing = `Leaf 0 of ${ORIGIN} cannot be proven: The log ${ORIGIN} lacks leaf 3\n`;
    expect(await prove(0, database.readerUrl)).toEqual({ code: 2, stdout: '', stderr: missing });
    await owner`alter table checkpoint disable trigger append_only`;
    await owner`update checkpoint set root_hash = sha256('other')`;
    const { code, stderr } = await prove(0, database.readerUrl);
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^The log \S+ cannot be read \(UNREADABLE\): the row of the checkpoint at 5 .*\n$/,
    );
    await owner.end();
  });
});
