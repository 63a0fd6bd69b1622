import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as v from 'valibot';
import { WITHOUT_SECOND_FACTOR } from './identity-provider/access-token.ts';
import { PERSONA_GRANT } from './identity-provider/persona-grant.ts';
import { SHELL_CLIENT } from './identity-provider/provider.ts';
import { findPersona, PERSONAS } from './personas.ts';

const USAGE = `Prints one access token of a persona, for development.

  npm --silent run token -- PERSONA [--no-second-factor] [--url URL]

  --no-second-factor  a token that the gateway refuses, to see how
  --url URL           identity provider; otherwise that of the system running here

Personas: ${PERSONAS.map(({ name }) => name).join(' ')}`;

/** Where the identity provider of `npm start` listens unless told otherwise. */
const DEFAULT_URL = 'http://127.0.0.1:4011';

/** EX_USAGE and EX_UNAVAILABLE of sysexits.h. */
const WRONG_USAGE = 64;
const UNAVAILABLE = 69;

/** The part of `run.json`, which `npm start` writes, that matters here. */
const RunFile = v.object({ urls: v.object({ identityProvider: v.pipe(v.string(), v.url()) }) });

const TokenResponse = v.object({ access_token: v.string() });

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const command = readCommand(args);
  if ('problem' in command) return fail(WRONG_USAGE, command.problem);
  if (command.help) {
    console.log(USAGE);
    return 0;
  }
  const [name, ...rest] = command.personas;
  if (name === undefined || rest.length > 0) return fail(WRONG_USAGE, `Name one persona.\n\n${USAGE}`);
  if (findPersona(name) === undefined) {
    const known = PERSONAS.map((persona) => persona.name).join(', ');
    return fail(WRONG_USAGE, `There is no persona ${JSON.stringify(name)}; there are ${known}.`);
  }
  const url = command.url ?? (await runningIdentityProvider());
  try {
    console.log(await fetchToken(url, name, command.secondFactor));
    return 0;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    return fail(
      UNAVAILABLE,
      `The identity provider at ${url} gave no token (${why}). Is the system running?`,
    );
  }
}

function readCommand(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        'no-second-factor': { type: 'boolean', default: false },
        url: { type: 'string' },
      },
    });
    if (values.url !== undefined && !URL.canParse(values.url)) return { problem: '--url takes a URL.' };
    const { help, url } = values;
    return { help, url, personas: positionals, secondFactor: !values['no-second-factor'] };
  } catch (cause) {
    return { problem: `${cause instanceof Error ? cause.message : String(cause)}\n\n${USAGE}` };
  }
}

/** As `npm start` wrote it down, which may have moved every port by an offset. */
async function runningIdentityProvider(): Promise<string> {
  const file = join(process.env['CONTACTPOINT_DATA'] ?? '.contactpoint', 'run.json');
  try {
    return v.parse(RunFile, JSON.parse(await readFile(file, 'utf8'))).urls.identityProvider;
  } catch {
    return DEFAULT_URL;
  }
}

async function fetchToken(url: string, persona: string, secondFactor: boolean): Promise<string> {
  const response = await fetch(new URL('/token', url), {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: PERSONA_GRANT,
      client_id: SHELL_CLIENT,
      persona,
      ...(secondFactor ? {} : { amr: WITHOUT_SECOND_FACTOR.join(' ') }),
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return v.parse(TokenResponse, await response.json()).access_token;
}

function fail(code: number, sentence: string): number {
  console.error(sentence);
  return code;
}
