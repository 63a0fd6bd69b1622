import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProvider } from './provider.ts';
import { type IdentityProviderSettings, isLoopback, SettingsError } from './settings.ts';
import { handleSignIn, SIGN_IN_PATH } from './sign-in.ts';
import { loadSigningKeys } from './signing-keys.ts';

export interface IdentityProvider {
  readonly issuer: string;
  /** Resolves once every connection is closed. */
  close(): Promise<void>;
}

/**
 * Starts the development identity provider.
 *
 * @returns Once it listens.
 * @throws SettingsError when it would listen on more than this machine.
 */
export async function startIdentityProvider(settings: IdentityProviderSettings): Promise<IdentityProvider> {
  if (!isLoopback(settings.host)) throw new SettingsError('HOST must be a loopback address');
  const keys = await loadSigningKeys(settings.keysFile);

  const server = createServer();
  await listen(server, settings.port, settings.host);
  const { port } = server.address() as AddressInfo;
  const issuer =
    settings.issuer ?? `http://${settings.host.includes(':') ? `[${settings.host}]` : settings.host}:${port}`;
  const provider = createProvider(issuer, { ...settings, keys });
  const answer = provider.callback();

  server.on('request', (request, response) => {
    // A page on the web that has its own name resolve to this machine must not get tokens.
    if (!isLoopbackRequest(request)) return send(response, 421, { error: 'This is not the host you meant' });
    const path = request.url?.split('?')[0] ?? '/';
    if (path === '/health') return send(response, 200, { status: 'ok' });
    if (!path.startsWith(SIGN_IN_PATH)) return void answer(request, response);
    handleSignIn(provider, request, response).catch(() => {
      if (!response.headersSent) send(response, 500, { error: 'The sign-in failed' });
    });
  });

  return {
    issuer,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeIdleConnections();
      }),
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function isLoopbackRequest({ headers }: IncomingMessage): boolean {
  const url = URL.parse(`http://${headers.host ?? ''}`);
  return url !== null && isLoopback(url.hostname);
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
