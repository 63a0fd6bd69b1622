import * as v from 'valibot';

/** How the development identity provider is run. */
export interface IdentityProviderSettings {
  /** Loopback address to listen on. */
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** `iss` of its tokens; undefined: `http://HOST:PORT`. */
  readonly issuer: string | undefined;
  /** `aud` of access tokens: the gateway's. */
  readonly audience: string;
  /** JWKS with the private signing key; made at the first start. */
  readonly keysFile: string;
  /** Where a browser may be sent back to with a code. Their origins may call the token endpoint. */
  readonly redirectUris: readonly string[];
}

/** A setting is missing or wrong; the message names it. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/** Addresses that only this machine reaches. Names other than `localhost` could resolve to anything. */
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

/** Host as `URL.hostname` or a setting has it, IPv6 with or without brackets. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.includes(host.replace(/^\[(.*)\]$/, '$1'));
}

const Port = v.pipe(v.string(), v.regex(/^\d{1,5}$/), v.transform(Number), v.maxValue(65_535));
const LoopbackHost = v.pipe(v.string(), v.check(isLoopback));
const LoopbackUrl = v.pipe(
  v.string(),
  v.url(),
  v.check((url) => isLoopback(new URL(url).hostname)),
);

const MEANING: Readonly<Record<string, string>> = {
  PORT: 'a TCP port',
  HOST: 'a loopback address: this identity provider lets anybody be anybody and serves this machine only',
  ISSUER: 'a URL on a loopback address',
  AUDIENCE: 'an absolute URI, the audience that the gateway expects',
  KEYS_FILE: 'the path of the file that keeps the signing key',
  CLIENT_REDIRECTS: 'redirect URIs, separated by commas',
};

/** Reads `PORT`, `HOST`, `ISSUER`, `AUDIENCE`, `KEYS_FILE` and `CLIENT_REDIRECTS`. */
export function readSettings(
  environment: Readonly<Record<string, string | undefined>>,
): IdentityProviderSettings {
  if (environment['NODE_ENV'] === 'production') {
    throw new SettingsError('NODE_ENV is production: this identity provider is for development only');
  }
  const setting = <Output>(
    name: string,
    schema: v.GenericSchema<string, Output>,
    otherwise?: string,
  ): Output => {
    const result = v.safeParse(schema, environment[name] ?? otherwise);
    if (result.success) return result.output;
    throw new SettingsError(`${name} must be ${MEANING[name]}`);
  };

  return {
    host: setting('HOST', LoopbackHost, '127.0.0.1'),
    port: setting('PORT', Port, '4011'),
    issuer: environment['ISSUER'] === undefined ? undefined : setting('ISSUER', LoopbackUrl),
    audience: setting('AUDIENCE', v.pipe(v.string(), v.url()), 'https://contactpoint.example/graphql'),
    keysFile: setting('KEYS_FILE', v.pipe(v.string(), v.minLength(1))),
    redirectUris: setting(
      'CLIENT_REDIRECTS',
      v.pipe(
        v.string(),
        v.transform((list) => list.split(',').map((uri) => uri.trim())),
        v.array(v.pipe(v.string(), v.url())),
      ),
      'http://127.0.0.1:4000/explorer/callback',
    ),
  };
}
