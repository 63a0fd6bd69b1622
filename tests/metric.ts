import { request } from 'undici';

/**
 * A figure of `/metrics`; NaN where there is none.
 *
 * @param url Of the server, as `http://127.0.0.1:4000`.
 * @param name With its labels, as they stand there.
 */
export async function readMetric(url: string, name: string): Promise<number> {
  const { body } = await request(`${url}/metrics`);
  const line = (await body.text()).split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? Number.NaN : Number(line.slice(name.length));
}
