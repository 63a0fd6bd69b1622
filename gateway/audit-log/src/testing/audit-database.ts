import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { prepareAuditDatabase } from '../schema.ts';

export interface TestAuditDatabase extends AsyncDisposable {
  readonly ownerUrl: string;
  readonly writerUrl: string;
  readonly readerUrl: string;
  readonly signerUrl: string;
  readonly retentionUrl: string;
}

/** In which it keeps text; what the server does by default, UTF-8, is what logs are kept in. */
type DatabaseEncoding = 'UTF8' | 'LATIN1' | 'SQL_ASCII';

/**
 * A prepared audit database of its own, with roles of its own, that goes with the scope.
 *
 * @param serverUrl Superuser URL of a running server; that of the whole test run by default.
 */
export async function createAuditDatabase(
  serverUrl: string | undefined = process.env['TEST_DATABASE_URL'],
  encoding: DatabaseEncoding = 'UTF8',
): Promise<TestAuditDatabase> {
  if (serverUrl === undefined)
    throw new Error('TEST_DATABASE_URL is set by the global setup of vitest.config.ts');
  const name = `audit_${randomBytes(6).toString('hex')}`;
  const writer = { user: `${name}_writer`, password: "it's a secret" };
  const reader = { user: `${name}_reader`, password: 'secret' };
  const signer = { user: `${name}_signer`, password: 'secret' };
  const retention = { user: `${name}_retention`, password: 'secret' };
  const server = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  const options = encoding === 'UTF8' ? '' : `template template0 locale 'C' encoding '${encoding}'`;
  await server.unsafe(`create database ${name} ${options}`);
  const ownerUrl = urlOf(serverUrl, name);
  await prepareAuditDatabase(ownerUrl, { writer, reader, signer, retention });
  return {
    ownerUrl,
    writerUrl: urlOf(serverUrl, name, writer),
    readerUrl: urlOf(serverUrl, name, reader),
    signerUrl: urlOf(serverUrl, name, signer),
    retentionUrl: urlOf(serverUrl, name, retention),
    async [Symbol.asyncDispose]() {
      await server`drop database ${server(name)} with (force)`;
      for (const { user } of [writer, reader, signer, retention]) await server`drop role ${server(user)}`;
      await server.end();
    },
  };
}

function urlOf(server: string, database: string, role?: { user: string; password: string }): string {
  const url = new URL(server);
  url.pathname = database;
  if (role !== undefined) {
    url.username = role.user;
    url.password = encodeURIComponent(role.password);
  }
  return url.href;
}
