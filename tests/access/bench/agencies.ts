import { readFileSync } from 'node:fs';

/** A subgraph of the bench: SDL without links or definitions, its directives under the specification's names. */
export interface Agency {
  readonly name: string;
  readonly sdl: string;
}

/** What a directive is called at home, by its specification's name without `@`. */
export type LinkedNames = Readonly<Record<string, string>>;

/** Every directive that guards or classifies, renamed. */
export const RENAMED: LinkedNames = {
  authenticated: 'signedIn',
  requiresScopes: 'needs',
  policy: 'judged',
  sensitivity: 'harm',
  subject: 'somebody',
};

const FEDERATION = [
  ...['key', 'shareable', 'external', 'requires', 'context', 'fromContext'],
  ...['authenticated', 'requiresScopes', 'policy', 'composeDirective'],
];
const ACCESS = ['sensitivity', 'subject'];

/** The invented agencies: invented, so that shapes can stand in them that the contract does not have yet. */
export const AGENCIES: readonly Agency[] = ['directory', 'education', 'health', 'social-care'].map(
  (name) => ({
    name,
    sdl: readFileSync(new URL(`./agencies/${name}.graphql`, import.meta.url), 'utf8'),
  }),
);

/** The SDL as an agency publishes it, under names of its own choice. */
export function published({ sdl }: Agency, names: LinkedNames = {}): string {
  const composed = ACCESS.map((name) => `@composeDirective(name: "@${names[name] ?? name}")`).join(' ');
  return `extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ${imports(FEDERATION, names)})
    @link(url: "https://contactpoint.example/access/v1.0", import: ${imports(ACCESS, names, 'SensitivityClass')})
    ${composed}
  ${renamed(sdl, names)}`;
}

function imports(specified: readonly string[], names: LinkedNames, type?: string): string {
  const directives = specified.map((name) =>
    names[name] === undefined ? `"@${name}"` : `{ name: "@${name}", as: "@${names[name]}" }`,
  );
  return `[${[...directives, ...(type === undefined ? [] : [`"${type}"`])].join(', ')}]`;
}

function renamed(sdl: string, names: LinkedNames): string {
  return sdl.replace(/@(\w+)/g, (directive, name: string) =>
    names[name] === undefined ? directive : `@${names[name]}`,
  );
}

/** The agencies with one of them changed in one place. */
export function changed(name: string, search: string | RegExp, replacement: string): Agency[] {
  return AGENCIES.map((agency) =>
    agency.name === name ? { name, sdl: changedText(agency.sdl, search, replacement) } : agency,
  );
}

export function changedText(
  text: string,
  search: string | RegExp,
  replacement: string | ((found: string) => string),
): string {
  const result =
    typeof replacement === 'string' ? text.replace(search, replacement) : text.replace(search, replacement);
  if (result === text) throw new Error(`Nothing to change for ${String(search)}`);
  return result;
}
