import { UnclassifiedFieldError } from '@contactpoint/access/classification';
import { RulesNotFoundError } from '@contactpoint/access/coordinate-rules';
import { ConfigError } from '../config-error.ts';
import { SupergraphError } from '../subject-sectors.ts';

/** Why a supergraph is not served. */
export type SupergraphRefusalCode =
  /** The file is gone, or cannot be read. */
  | 'FILE_UNREADABLE'
  /** It is no supergraph SDL, or needs what is not supported. */
  | 'NOT_A_SUPERGRAPH'
  /** Composition would have refused it, or nobody is a data subject in it. */
  | 'CHECKS_FAILED'
  | 'UNCLASSIFIED_FIELD'
  /** Rules are linked and none was found. */
  | 'RULES_NOT_FOUND'
  /** A subgraph of it has no grant key, or no subgraph a time-out that is set for it. */
  | 'SETTING_MISSING'
  /** The gateway's own subgraphs are not in it. */
  | 'SUBGRAPH_MISSING';

/** A supergraph is not served; what ran before goes on. The message names coordinates, subgraphs and settings. */
export class SupergraphRefusal extends Error {
  override readonly name = 'SupergraphRefusal';
  readonly code: SupergraphRefusalCode;

  constructor(code: SupergraphRefusalCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What was thrown while a supergraph was read or opened, as a refusal. */
export function asRefusal(cause: unknown): SupergraphRefusal {
  if (cause instanceof SupergraphRefusal) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new SupergraphRefusal(codeOf(cause), message, { cause });
}

function codeOf(cause: unknown): SupergraphRefusalCode {
  if (cause instanceof UnclassifiedFieldError) return 'UNCLASSIFIED_FIELD';
  if (cause instanceof RulesNotFoundError) return 'RULES_NOT_FOUND';
  if (cause instanceof SupergraphError) return 'CHECKS_FAILED';
  if (cause instanceof ConfigError) return 'SETTING_MISSING';
  return 'NOT_A_SUPERGRAPH';
}
