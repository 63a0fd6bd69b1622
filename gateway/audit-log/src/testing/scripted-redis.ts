import { createServer, type Socket } from 'node:net';

/** Words of one command, as they were sent. */
type Command = readonly string[];

export interface ScriptedRedis extends AsyncDisposable {
  readonly url: string;
  /** In the order in which they came. */
  readonly commands: readonly Command[];
}

/**
 * Speaks just enough of Redis' protocol for commands of which no server on this machine has heard: WAITAOF came with
 * Redis 7.2.
 *
 * @param answer RESP, `:1\r\n`; to what it leaves out the answer is an error.
 * @see https://redis.io/docs/latest/develop/reference/protocol-spec/
 */
export async function startScriptedRedis(
  answer: (command: Command) => string | undefined,
): Promise<ScriptedRedis> {
  const commands: Command[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      for (let read = readCommand(received); read !== undefined; read = readCommand(received)) {
        received = received.slice(read.length);
        commands.push(read.command);
        socket.write(answer(read.command) ?? '-ERR unknown command\r\n');
      }
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port to be had');
  return {
    url: `redis://127.0.0.1:${address.port}`,
    commands,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** `*2\r\n$4\r\nINFO\r\n$3\r\nall\r\n`; undefined while it is not whole. */
function readCommand(text: string): { readonly command: Command; readonly length: number } | undefined {
  const head = /^\*(\d+)\r\n/.exec(text);
  if (head === null) return undefined;
  let at = head[0].length;
  const command: string[] = [];
  while (command.length < Number(head[1])) {
    const size = /^\$(\d+)\r\n/.exec(text.slice(at));
    if (size === null) return undefined;
    const start = at + size[0].length;
    const end = start + Number(size[1]);
    if (text.length < end + 2) return undefined;
    command.push(text.slice(start, end));
    at = end + 2;
  }
  return { command, length: at };
}
