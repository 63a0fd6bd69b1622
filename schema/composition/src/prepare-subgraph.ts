import { type DocumentNode, GraphQLError, parse } from 'graphql';
import { withAccessDefinitions } from './access-definitions.ts';
import type { CompositionError, CompositionErrorCode } from './composition-error.ts';
import { ACCESS, FEDERATION, readLinks } from './link.ts';
import { writeSensitivityDefaults } from './sensitivity-defaults.ts';
import { type PublishedSubgraph, readSubgraph } from './subgraph.ts';

/** A subgraph as its agency publishes it. */
export interface SubgraphSdl {
  /** Lower-case letters, digits and hyphens: `social-care`. */
  readonly name: string;
  /** Where it answers GraphQL over HTTP. */
  readonly url: string;
  readonly sdl: string;
}

export type PreparedSubgraph =
  | { readonly subgraph: PublishedSubgraph }
  | { readonly errors: readonly CompositionError[] };

/**
 * Reads one subgraph and makes it ready to compose: access directives under their own names, sensitivity defaults
 * written onto fields. A subgraph that cannot be read has errors and no part in the checks across subgraphs.
 */
export function prepareSubgraph({ name, url, sdl }: SubgraphSdl): PreparedSubgraph {
  const refuse = (code: CompositionErrorCode, coordinate: string | null, message: string) => ({
    errors: [{ code, subgraph: name, coordinate, message }],
  });
  if (!/^[a-z][a-z0-9-]*$/.test(name))
    return refuse(
      'SUBGRAPH_INVALID',
      null,
      `"${name}" is no name for a subgraph: use lower-case letters, digits and -`,
    );
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
    return refuse('SUBGRAPH_INVALID', null, `The URL of ${name} must begin with http:// or https://`);

  let document: DocumentNode;
  try {
    document = parse(sdl);
  } catch (cause) {
    if (!(cause instanceof GraphQLError)) throw cause;
    const [place] = cause.locations ?? [];
    return refuse('SDL_INVALID', null, `line ${place?.line}, column ${place?.column}: ${cause.message}`);
  }

  const links = readLinks(document);
  const [federation, ...moreFederations] = links.filter(({ identity }) => identity === FEDERATION);
  if (federation?.major !== 2 || moreFederations.length > 0)
    return refuse(
      'FEDERATION_NOT_LINKED',
      '@link',
      `Link ${FEDERATION}/v2.9 once: Federation 1 takes every field for shareable`,
    );
  const [access, ...moreAccesses] = links.filter(({ identity }) => identity === ACCESS);
  if (access?.major !== 1 || moreAccesses.length > 0)
    return refuse(
      'ACCESS_NOT_LINKED',
      '@link',
      `Link ${ACCESS}/v1.0 once, importing "@sensitivity", "@subject" and "SensitivityClass"`,
    );

  const defined = withAccessDefinitions(name, document, { access, federation });
  if ('errors' in defined) return defined;
  return { subgraph: readSubgraph({ name, url }, writeSensitivityDefaults(defined.document), federation) };
}
