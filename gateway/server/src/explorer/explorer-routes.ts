import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Decide } from '@contactpoint/access/decide';
import { isRole } from '@contactpoint/access/role';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { explorerSettings, type RoleSettings, roleSettings } from './explorer-settings.ts';
import { ASSET_POLICY, contentSecurityPolicy, PAGE_HEADERS } from './page-policy.ts';

export interface Explorer {
  /** Of the built explorer; undefined where there is none. */
  readonly folder: string | undefined;
  /** Of OpenID Connect, and the public client that the page is to it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly decide: Decide;
  /** Public keys of checkpoints, as the gateway itself believes them. */
  readonly auditKeysFile: string;
}

/** What stands in the built page in the place of the nonce. */
const NONCE = '__CSP_NONCE__';

const NOT_BUILT =
  'There is no explorer here: EXPLORER_FOLDER names no built one. `npm start` builds it; see docs/admins/explorer.md.\n';

/**
 * The explorer's files under `/explorer`, and nothing else: what the page shows of records it asks at `/graphql`, like
 * everybody. It is a page without rights of its own.
 */
export async function explorerRoutes(
  app: FastifyInstance,
  { folder, issuer, clientId, decide, auditKeysFile }: Explorer,
): Promise<void> {
  app.addHook('onSend', async (_request, reply) => void reply.headers(PAGE_HEADERS));
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) {
    const notBuilt = async (_request: unknown, reply: FastifyReply) =>
      reply.code(404).type('text/plain; charset=utf-8').send(NOT_BUILT);
    app.get('/explorer', notBuilt);
    app.get('/explorer/*', notBuilt);
    return;
  }
  const [page, callback] = [readPage(folder, 'index.html'), readPage(folder, 'callback.html')];
  const sendPage = (reply: FastifyReply, html: string) => {
    const nonce = randomBytes(16).toString('base64');
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', contentSecurityPolicy(issuer, nonce))
      .send(html.replaceAll(NONCE, nonce));
  };
  for (const url of ['/explorer', '/explorer/']) {
    // The page still has to hear from the window in which somebody signs in.
    app.get(url, async (_request, reply) =>
      sendPage(reply.header('cross-origin-opener-policy', 'same-origin-allow-popups'), page),
    );
  }
  // Without the header: it would cut the window off from the page that opened it, on its way back from the provider.
  app.get('/explorer/callback', async (_request, reply) => sendPage(reply, callback));
  const settings = explorerSettings(issuer, clientId);
  app.get('/explorer/settings.json', async (_request, reply) =>
    reply.header('cache-control', 'no-cache').send(settings),
  );
  const roles = new Map<string, RoleSettings>();
  app.get<{ Params: { role: string } }>('/explorer/roles/:role', async ({ params: { role } }, reply) => {
    if (!isRole(role)) return reply.callNotFound();
    const known = roles.get(role) ?? roleSettings(role, decide);
    roles.set(role, known);
    return reply.header('cache-control', 'no-cache').send(known);
  });
  // Read again each time: a key may have been changed. A proof comes from elsewhere, so that neither vouches for itself.
  app.get('/explorer/audit-keys.txt', async (_request, reply) =>
    reply
      .type('text/plain; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(await readFile(auditKeysFile, 'utf8')),
  );
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/explorer/assets/',
    // A route for each file that is there, and none for what a path could be made to mean.
    wildcard: false,
    index: false,
    preCompressed: true,
    maxAge: '1y',
    immutable: true,
    setHeaders: (reply) => void reply.header('content-security-policy', ASSET_POLICY),
  });
}

function readPage(folder: string, name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}
