import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compose } from '@contactpoint/composition/compose';
import type { CompositionError } from '@contactpoint/composition/composition-error';
import type { SubgraphSdl } from '@contactpoint/composition/prepare-subgraph';
import { CONTRACT_SUBGRAPHS, readContract } from '@contactpoint/contract/sdl';
import { Command, InvalidArgumentError } from 'commander';

/** Exit codes of the command. */
const REFUSED = 1;
const WRONG_USAGE = 2;

/** Port of the first subgraph; the others follow in the order of the contract. */
const FIRST_PORT = 4001;

interface ComposeCommandOptions {
  readonly out?: string;
  readonly schema?: string;
  readonly url: ReadonlyMap<string, string>;
}

/** `npm run compose`: the subgraphs' SDL in, the supergraph's out, or everything that stands in the way. */
const command = new Command('npm run compose --')
  .description("Composes the agencies' subgraphs into the supergraph.")
  .option('--out <file>', 'where to write the supergraph SDL; standard output otherwise')
  .option('--schema <folder>', 'folder of NAME.graphql, one a subgraph; the contract otherwise')
  .option('--url <name=url>', 'where a subgraph answers; may be repeated', withUrl, new Map<string, string>())
  .addHelpText(
    'after',
    `\nWithout --url the subgraphs are taken to answer on 127.0.0.1 from port ${FIRST_PORT} on, in the order ` +
      `${CONTRACT_SUBGRAPHS.join(', ')}, others after them by name.\nExit codes: 0 composed, ${REFUSED} refused, ${WRONG_USAGE} usage.`,
  )
  .allowExcessArguments(false)
  .exitOverride((stop) => process.exit(stop.exitCode === 0 ? 0 : WRONG_USAGE))
  .parse();

process.exitCode = run(command.opts<ComposeCommandOptions>());

function run({ out, schema, url }: ComposeCommandOptions): number {
  const sdls = schema === undefined ? contractSdls() : folderSdls(schema);
  if (sdls === undefined || sdls.size === 0)
    return fail(`--schema ${schema} is no folder with files NAME.graphql that can be read`);
  const unknown = [...url.keys()].find((name) => !sdls.has(name));
  if (unknown !== undefined)
    return fail(
      `--url names ${unknown}, which is no subgraph here; there are ${[...sdls.keys()].join(', ')}`,
    );

  const { errors, supergraphSdl } = compose(withUrls(sdls, url));
  if (errors !== undefined) {
    for (const error of errors) process.stderr.write(`${describe(error)}\n`);
    process.stderr.write(`Refused: ${errors.length} ${errors.length === 1 ? 'problem' : 'problems'}.\n`);
    return REFUSED;
  }
  if (out === undefined) {
    process.stdout.write(supergraphSdl);
    return 0;
  }
  try {
    writeFileSync(out, supergraphSdl);
  } catch (cause) {
    return fail(`--out ${out} cannot be written: ${cause instanceof Error ? cause.message : cause}`);
  }
  return 0;
}

type SdlByName = ReadonlyMap<string, string>;

function contractSdls(): SdlByName {
  return new Map(CONTRACT_SUBGRAPHS.map((name) => [name, readContract(name)]));
}

/** The contract's subgraphs first, so that they own what they share with others. Undefined for a folder out of reach. */
function folderSdls(folder: string): SdlByName | undefined {
  try {
    const names = readdirSync(folder)
      .filter((file) => file.endsWith('.graphql') && file !== 'directives.graphql')
      .map((file) => basename(file, '.graphql'));
    const known = CONTRACT_SUBGRAPHS.filter((name) => names.includes(name));
    const ordered = [...new Set([...known, ...names.sort()])];
    return new Map(ordered.map((name) => [name, readFileSync(join(folder, `${name}.graphql`), 'utf8')]));
  } catch {
    return undefined;
  }
}

function withUrls(sdls: SdlByName, urls: ReadonlyMap<string, string>): SubgraphSdl[] {
  const order = [...new Set([...CONTRACT_SUBGRAPHS, ...sdls.keys()])];
  return [...sdls].map(([name, sdl]) => ({
    name,
    url: urls.get(name) ?? `http://127.0.0.1:${FIRST_PORT + order.indexOf(name)}/graphql`,
    sdl,
  }));
}

function describe({ code, subgraph, coordinate, message }: CompositionError): string {
  const place = [subgraph, coordinate].filter((part) => part !== null).join(' ');
  return `${place === '' ? '' : `${place}: `}${message} (${code})`;
}

function withUrl(value: string, urls: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const [, name, url] = /^([^=]+)=(.+)$/.exec(value) ?? [];
  if (name === undefined || url === undefined || !/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    throw new InvalidArgumentError('Write it as name=http://host:port/graphql.');
  return new Map([...urls, [name, url]]);
}

function fail(problem: string): number {
  process.stderr.write(`${problem}\n`);
  return WRONG_USAGE;
}
