import { Redis } from 'ioredis';
import { AppendError, AuditStoreError } from './append-error.ts';
import type { LogSession } from './log-session.ts';
import { type RedisDurability, requireDurableRedis } from './redis-durability.ts';

export interface RedisSessionOptions {
  readonly url: string;
  readonly origin: string;
  /** Milliseconds for connecting, and for any one command. */
  readonly deadline: number;
}

/** Stream of every session that was opened, the last thousand or so: its entries prove that the server takes writes. */
const SESSIONS = 'contactpoint:log-sessions';
const KEPT_SESSIONS = 1_000;

/** Stream of one log. */
export function streamOf(origin: string): string {
  return `contactpoint:log:${origin}`;
}

/**
 * One connection, which writes each batch as one entry of the log's stream: `first` its first index, `at` when it was
 * taken, and a `leaf` each. Entries are numbered one by one, and a server takes no number twice: whoever writes beside
 * another, or again what has been written, is refused.
 */
export class RedisSession implements LogSession {
  readonly lost: Promise<void>;
  readonly #redis: Redis;
  readonly #options: RedisSessionOptions;
  readonly #durability: RedisDurability;
  #position: Position;

  private constructor(connection: Connection, options: RedisSessionOptions, start: SessionStart) {
    this.#redis = connection.redis;
    this.lost = connection.lost;
    this.#options = options;
    this.#durability = start.durability;
    this.#position = start.position;
  }

  /** @throws AuditStoreError when the server would not keep what it acknowledges; the driver's error otherwise. */
  static async open(options: RedisSessionOptions): Promise<RedisSession> {
    const connection = connect(options);
    const { redis } = connection;
    try {
      await redis.connect();
      const durability = await requireDurableRedis(redis, true);
      const position = await positionOf(redis, options.origin);
      const session = new RedisSession(connection, options, { durability, position });
      const more = [
        'MAXLEN',
        '~',
        KEPT_SESSIONS,
        '*',
        'origin',
        options.origin,
        'next',
        String(position.next),
      ];
      await session.#durably(redis.xadd(SESSIONS, ...more));
      return session;
    } catch (cause) {
      redis.disconnect();
      throw cause;
    }
  }

  get next(): bigint {
    return this.#position.next;
  }

  async insert(leaves: readonly Uint8Array[], at: Date): Promise<bigint> {
    const { next: first, entry } = this.#position;
    const fields = ['first', String(first), 'at', at.toISOString(), ...leaves.flatMap(leafField)];
    // A stream that somebody deleted is not begun again in its middle.
    const begin = entry === 1n ? [] : ['NOMKSTREAM'];
    const id = await this.#durably(
      this.#redis.xadd(streamOf(this.#options.origin), ...begin, `${entry}-0`, ...fields),
    );
    if (id === null) throw new AppendError('STORE_FAILED');
    this.#position = { next: first + BigInt(leaves.length), entry: entry + 1n };
    return first;
  }

  async look(): Promise<void> {
    const durability = await requireDurableRedis(this.#redis, false);
    if (durability !== this.#durability) throw new AuditStoreError('The audit Redis is another server');
  }

  async tend(): Promise<void> {}

  abandon(): void {
    this.#redis.disconnect();
  }

  async close(): Promise<void> {
    await this.#redis.quit().catch(() => this.#redis.disconnect());
  }

  /** @param written A command that is sent already: what is asked now is sent behind it, without waiting. */
  async #durably<T>(written: Promise<T>): Promise<T> {
    if (this.#durability === 'EVERY_WRITE') return await written;
    const asked = this.#redis.call('WAITAOF', 1, 0, this.#options.deadline) as Promise<[number, number]>;
    const [result, [flushed]] = await Promise.all([written, asked]);
    if (Number(flushed) < 1) throw new AppendError('DEADLINE');
    return result;
  }
}

/** Where the log goes on. */
interface Position {
  /** Index of the next leaf. */
  readonly next: bigint;
  /** Number of the next entry, from 1. */
  readonly entry: bigint;
}

interface SessionStart {
  readonly durability: RedisDurability;
  readonly position: Position;
}

interface Connection {
  readonly redis: Redis;
  readonly lost: Promise<void>;
}

function connect({ url, deadline }: RedisSessionOptions): Connection {
  const { promise: lost, resolve } = Promise.withResolvers<void>();
  const redis = new Redis(url, {
    lazyConnect: true,
    // Never by itself: what another connection would send again, nobody asked for.
    retryStrategy: () => null,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    connectTimeout: deadline,
    commandTimeout: deadline,
  });
  // Whoever waits for a command is told by the command.
  redis.on('error', () => undefined);
  redis.once('end', resolve);
  return { redis, lost };
}

async function positionOf(redis: Redis, origin: string): Promise<Position> {
  const [last] = await redis.xrevrangeBuffer(streamOf(origin), '+', '-', 'COUNT', 1);
  if (last === undefined) return { next: 0n, entry: 1n };
  const [id, fields] = last;
  const [, first] = fields;
  // `first` and `at` with their names, then a name and a leaf each.
  const leaves = (fields.length - 4) / 2;
  const [entry = ''] = id.toString().split('-');
  return { next: BigInt(String(first)) + BigInt(leaves), entry: BigInt(entry) + 1n };
}

function leafField(leaf: Uint8Array): [string, Buffer] {
  return ['leaf', Buffer.from(leaf.buffer, leaf.byteOffset, leaf.byteLength)];
}
