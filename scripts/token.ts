import { parseArgs } from 'node:util';
import { fetchPersonaToken } from './identity-provider/persona-token.ts';
import { findPersona, PERSONAS } from './personas.ts';
import { dataFolder, readRunFile } from './system/run-file.ts';

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
  const url = command.url ?? runningIdentityProvider();
  try {
    console.log(await fetchPersonaToken(url, name, command.secondFactor));
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
function runningIdentityProvider(): string {
  return readRunFile(dataFolder())?.urls.identityProvider ?? DEFAULT_URL;
}

function fail(code: number, sentence: string): number {
  console.error(sentence);
  return code;
}
