import { breakGlassOpens } from '@contactpoint/access/break-glass';
import { attainable, type Decide } from '@contactpoint/access/decide';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLE_SECTORS, type Role } from '@contactpoint/access/role';
import { scopesOf } from '@contactpoint/access/scope';
import { LONGEST_REASON, SHORTEST_OVERRIDE_REASON, SHORTEST_REASON } from '../pipeline/purpose-of-use.ts';

/** What the explorer's page is told, and it is the same for everybody. */
export interface ExplorerSettings {
  /** Of OpenID Connect, and the public client that the page is to it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Meaning by code. */
  readonly purposes: Readonly<Record<string, string>>;
  /** Every role, and the sector it works in. */
  readonly roles: Readonly<Record<string, string>>;
  /** Lengths, characters. */
  readonly reason: { readonly shortest: number; readonly shortestOverride: number; readonly longest: number };
}

/** What to offer a role. What is refused, the pipeline decides. */
export interface RoleSettings {
  readonly scopes: readonly string[];
  /** By code, of the purposes that open a child's record to the role. */
  readonly purposes: Readonly<Record<string, { readonly breakGlass: boolean }>>;
}

const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeOfUse[];

export function explorerSettings(issuer: string, clientId: string): ExplorerSettings {
  return {
    issuer,
    clientId,
    purposes: Object.fromEntries(ALL_PURPOSES.map((code) => [code, PURPOSES[code].meaning])),
    roles: ROLE_SECTORS,
    reason: {
      shortest: SHORTEST_REASON,
      shortestOverride: SHORTEST_OVERRIDE_REASON,
      longest: LONGEST_REASON,
    },
  };
}

/** Some 60 ms of the policy's, the first time; all roles together would be a second. */
export function roleSettings(role: Role, decide: Decide): RoleSettings {
  const who = { role, sector: ROLE_SECTORS[role] };
  const opening = ALL_PURPOSES.filter(
    (purpose) => attainable(decide, who, purpose, false).of('DIRECTORY', 'IDENTITY').level !== 'NONE',
  );
  return {
    scopes: scopesOf(role),
    purposes: Object.fromEntries(
      opening.map((purpose) => [purpose, { breakGlass: breakGlassOpens(decide, who, purpose) }]),
    ),
  };
}
