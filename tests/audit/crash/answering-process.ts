import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import type { AuditLog } from '@contactpoint/audit-log/audit-log';
import { openPostgresLog } from '@contactpoint/audit-log/postgres-log';

/**
 * The least that keeps the promise of the gateway: whoever asks is answered once what was asked is in the log. A process
 * of its own, to be killed; the settings come as arguments, and no product reads them.
 */
const [url = '', origin = '', variant = 'sound'] = process.argv.slice(2);

const log = await openPostgresLog({ url, origin });
const answers = variant === 'answers-early' ? early(log) : log;

const server = createServer(async (request, response) => {
  try {
    const { index } = await answers.append(Buffer.from(await text(request)));
    const body = 'recorded';
    response.writeHead(200, { 'access-log': `${origin} ${index}`, 'content-length': body.length }).end(body);
  } catch {
    response.writeHead(503, { 'content-length': 0 }).end();
  }
});
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
// Whoever started it is gone.
process.once('disconnect', () => process.exit());

/** Negative control: says where a leaf is about to stand, and does not wait until it does. */
function early(slow: AuditLog): Pick<AuditLog, 'append'> {
  let next = 0n;
  return {
    async append(leaf) {
      slow.append(leaf).catch(() => undefined);
      return { origin: slow.origin, index: next++ };
    },
  };
}
