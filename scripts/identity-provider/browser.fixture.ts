/** A page as far as the sign-in needs one. */
export interface Page {
  readonly status: number;
  readonly url: URL;
  readonly text: string;
  /** Query of the first address, to come back with. */
  readonly query: string;
}

export interface Browser {
  open(url: URL): Promise<Page>;
  /** Posts the page's form with these fields. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page>;
}

/**
 * A browser without scripts: it keeps cookies and follows redirects, up to the client's own address.
 *
 * @param until Prefix at which it stops, since no client listens there.
 */
export function browse(until: string): Browser {
  const cookies = new Map<string, string>();

  async function go(url: URL, init: RequestInit, query: string): Promise<Page> {
    if (url.href.startsWith(until)) return { status: 200, url, text: '', query };
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    });
    for (const line of response.headers.getSetCookie()) {
      const [name, value] = (line.split(';')[0] ?? '').split(/=(.*)/);
      if (name === undefined) continue;
      if (value === undefined || value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = response.headers.get('location');
    if (location !== null) return await go(new URL(location, url), {}, query);
    return { status: response.status, url, text: await response.text(), query };
  }

  return {
    open: (url) => go(url, {}, url.searchParams.toString()),
    submit(page, fields) {
      const action = /<form method="post" action="([^"]+)"/.exec(page.text)?.[1];
      if (action === undefined) throw new Error(`no form on ${page.url.pathname}: ${page.text}`);
      return go(new URL(action, page.url), { method: 'POST', body: new URLSearchParams(fields) }, page.query);
    },
  };
}
