import { setImmediate as others } from 'node:timers/promises';
import { breakGlassOpens } from '@contactpoint/access/break-glass';
import { attainable, type Decide } from '@contactpoint/access/decide';
import { PURPOSES, type PurposeOfUse } from '@contactpoint/access/purpose';
import { ROLE_SECTORS, ROLES, type Role } from '@contactpoint/access/role';
import { scopesOf } from '@contactpoint/access/scope';
import { LONGEST_REASON, SHORTEST_OVERRIDE_REASON, SHORTEST_REASON } from '../pipeline/purpose-of-use.ts';

/** What the explorer's page is told, and it is the same for everybody: what to offer. What is refused, the pipeline decides. */
export interface ExplorerSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Meaning by code. */
  readonly purposes: Readonly<Record<string, string>>;
  readonly roles: Readonly<Record<string, RoleSettings>>;
  /** Lengths, characters. */
  readonly reason: { readonly shortest: number; readonly shortestOverride: number; readonly longest: number };
}

interface RoleSettings {
  readonly scopes: readonly string[];
  /** By code, of the purposes that open a child's record to the role. */
  readonly purposes: Readonly<Record<string, { readonly breakGlass: boolean }>>;
}

export interface SettingsParts {
  /** Of OpenID Connect, and the public client that the page is to it. */
  readonly issuer: string;
  readonly clientId: string;
  readonly decide: Decide;
}

const ALL_PURPOSES = Object.keys(PURPOSES) as PurposeOfUse[];

/** A second's work for all roles, once: between two of them others have their turn. */
export async function explorerSettings({
  issuer,
  clientId,
  decide,
}: SettingsParts): Promise<ExplorerSettings> {
  const roles: Record<string, RoleSettings> = {};
  for (const role of ROLES) {
    roles[role] = settingsOf(role, decide);
    await others();
  }
  return {
    issuer,
    clientId,
    purposes: Object.fromEntries(ALL_PURPOSES.map((code) => [code, PURPOSES[code].meaning])),
    roles,
    reason: {
      shortest: SHORTEST_REASON,
      shortestOverride: SHORTEST_OVERRIDE_REASON,
      longest: LONGEST_REASON,
    },
  };
}

function settingsOf(role: Role, decide: Decide): RoleSettings {
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
