/** What policy and accreditation give a role. It is for offering: who refuses is the gateway. */
export interface RoleSettings {
  readonly scopes: readonly string[];
  /** By code, of the purposes that open anything to the role. */
  readonly purposes: Readonly<Record<string, { readonly breakGlass: boolean }>>;
}

/** What is offered where the gateway does not say: nothing, which takes nothing from what it allows. */
const NOTHING_OFFERED: RoleSettings = { scopes: [], purposes: {} };

export async function fetchRoleSettings(role: string | null): Promise<RoleSettings> {
  const response = await fetch(`/explorer/roles/${encodeURIComponent(role ?? '')}`).catch(() => undefined);
  return response?.ok === true ? ((await response.json()) as RoleSettings) : NOTHING_OFFERED;
}
