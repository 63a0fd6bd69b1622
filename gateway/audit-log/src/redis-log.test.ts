import { describe, expect, test } from 'vitest';
import { openRedisLog } from './redis-log.ts';
import { startScriptedRedis } from './testing/scripted-redis.ts';

const INFO =
  'role:master\r\naof_enabled:1\r\nmaxmemory:0\r\nmaxmemory_policy:noeviction\r\ncluster_enabled:0\r\n';

/** A server that can be asked whether what it acknowledged is on its disk, and says so of as many disks. */
function asking(flushed: () => number) {
  return startScriptedRedis(([name = '', ...words]) => {
    switch (name.toUpperCase()) {
      case 'INFO':
        return `$${INFO.length}\r\n${INFO}\r\n`;
      case 'HELLO':
        return '%1\r\n$5\r\nproto\r\n:3\r\n';
      case 'CLIENT':
        return '+OK\r\n';
      case 'COMMAND':
        return '*1\r\n*1\r\n$7\r\nwaitaof\r\n';
      case 'XREVRANGE':
        return '*0\r\n';
      case 'XADD':
        return `$3\r\n${words.find((word) => word.endsWith('-0')) ?? '1-0'}\r\n`;
      case 'WAITAOF':
        return `*2\r\n:${flushed()}\r\n:0\r\n`;
      default:
        return undefined;
    }
  });
}

describe('a server that knows WAITAOF', () => {
  test('is asked behind each batch, and need not flush by itself', async () => {
    await using server = await asking(() => 1);
    const log = await openRedisLog({ url: server.url, origin: 'asked', deadline: 500 });
    expect((await log.append(Buffer.from('leaf'))).index).toBe(0n);
    const [written, asked] = server.commands.slice(-2);
    expect(written).toEqual([
      'xadd',
      'contactpoint:log:asked',
      '1-0',
      'first',
      '0',
      'at',
      expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      'leaf',
      'leaf',
    ]);
    expect(asked).toEqual(['WAITAOF', '1', '0', '500']);
    await log.close();
  });

  test('and says that it is not on its disk has not kept it', async () => {
    let flushed = 1;
    await using server = await asking(() => flushed);
    const log = await openRedisLog({ url: server.url, origin: 'asked', deadline: 500 });
    flushed = 0;
    await expect(log.append(Buffer.from('leaf'))).rejects.toMatchObject({ name: 'AppendError' });
    expect(log.healthy).toBe(false);
    flushed = 1;
    await expect.poll(() => log.healthy).toBe(true);
    await log.close();
  });

  test('does not become a log while it cannot say so', async () => {
    await using server = await asking(() => 0);
    await expect(openRedisLog({ url: server.url, origin: 'asked', deadline: 500 })).rejects.toMatchObject({
      name: 'AppendError',
    });
  });
});
