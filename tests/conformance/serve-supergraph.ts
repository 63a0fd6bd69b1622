import { startExecutorServer } from './executor-server.ts';

/**
 * `node serve-supergraph.ts URL PORT`: serves the supergraph whose SDL is at the URL, until it is stopped. As the suite of
 * `federation-audit.test.ts` starts each gateway it tries.
 */
const [url, port] = process.argv.slice(2);
if (url === undefined || port === undefined)
  throw new Error('Say where the supergraph is, and on which port');
const response = await fetch(url);
if (!response.ok) throw new Error(`There is no supergraph: ${response.status}`);
await startExecutorServer(await response.text(), Number(port));
