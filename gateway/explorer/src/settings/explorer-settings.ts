/** What the gateway tells the page, `GET /explorer/settings.json`: nothing secret, and the same for everybody. */
export interface ExplorerSettings {
  /** OpenID Connect issuer and the public client that this page is to it. */
  readonly issuer: string;
  readonly clientId: string;
  /** Meaning of each purpose of use by its code. */
  readonly purposes: Readonly<Record<string, string>>;
  /** Every role, and the sector it works in. */
  readonly roles: Readonly<Record<string, string>>;
  /** Lengths of a reason, characters. */
  readonly reason: { readonly shortest: number; readonly shortestOverride: number; readonly longest: number };
}

/** @throws Error with a sentence for the reader where the gateway does not give them. */
export async function fetchSettings(): Promise<ExplorerSettings> {
  const response = await fetch('/explorer/settings.json').catch(() => undefined);
  if (response?.ok !== true)
    throw new Error('The gateway cannot be reached. Reload the page once it is back.');
  return (await response.json()) as ExplorerSettings;
}
