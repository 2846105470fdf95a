import type { Redis } from 'ioredis';
import type { Lease } from '../lease.js';
import type { Throttle, ThrottleAnswer } from '../throttle.js';

/** How the keys in Redis are named. */
export interface RedisThrottleOptions {
  /**
   * Put before each name. Default `lock:`. In a cluster, names that are locked together must be in one slot: a prefix with a hash tag, such as
   * `{locks}:`, puts all of them into one.
   */
  readonly prefix?: string;
}

/** All keys or none. A script runs alone, so it is the same as SET NX PX of each, and needs nothing undone. */
const ENTER = `
local busy = -1
for _, key in ipairs(KEYS) do
  local holder = redis.call('GET', key)
  if holder and holder ~= ARGV[1] then busy = math.max(busy, redis.call('PTTL', key), 0) end
end
if busy >= 0 then return busy end
for _, key in ipairs(KEYS) do redis.call('SET', key, ARGV[1], 'PX', ARGV[2]) end
return -1`;

/** GET and then DEL would delete the key of whoever has come in between. */
const LEAVE = `
for at, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[at] then redis.call('DEL', key) end
end
return 0`;

const EXTEND = `
for at, key in ipairs(KEYS) do
  if redis.call('GET', key) == ARGV[at] then redis.call('PEXPIRE', key, ARGV[#KEYS + 1]) end
end
return 0`;

/**
 * Keeps those who wait for a name on Redis instead of on the database. It guards nothing: keys of Redis are lost with a failover and end by its
 * clock, and a value there fences nobody. The lock, its lease and its fence are in the row.
 *
 * It has a connection of its own, which sends no command twice and keeps none for later: while Redis is away the database is asked. A command
 * that is sent once Redis is back would mark names for a holder that has gone on long ago, and what is kept meanwhile has no bound.
 */
export class RedisThrottle implements Throttle {
  private readonly redis: Redis;
  private readonly prefix: string;

  /** @param redis how to connect; it is left as it is */
  constructor(redis: Pick<Redis, 'duplicate'>, { prefix = 'lock:' }: RedisThrottleOptions = {}) {
    // With 0 the driver fails what was sent when the connection closes. Without `autoResendUnfulfilledCommands` it would never answer.
    this.redis = redis.duplicate({ maxRetriesPerRequest: 0, enableOfflineQueue: false });
    // Told by the command that it fails, or mended by connecting again.
    this.redis.on('error', () => undefined);
    this.prefix = prefix;
  }

  /** Ends its connection. Then the database is asked. */
  close(): void {
    this.redis.disconnect();
  }

  async enter(names: readonly string[], holder: string, leaseMs: number): Promise<ThrottleAnswer> {
    const busyMs = Number(await this.run(ENTER, names, [holder, Math.ceil(leaseMs)]));
    return busyMs < 0 ? { free: true } : { free: false, busyMs };
  }

  async extend(leases: readonly Lease[], leaseMs: number): Promise<void> {
    await this.run(EXTEND, namesOf(leases), [...leases.map(({ holder }) => holder), Math.ceil(leaseMs)]);
  }

  async leave(leases: readonly Lease[]): Promise<void> {
    await this.run(
      LEAVE,
      namesOf(leases),
      leases.map(({ holder }) => holder),
    );
  }

  private run(script: string, names: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    return this.redis.eval(script, names.length, ...names.map((name) => this.prefix + name), ...args);
  }
}

const namesOf = (leases: readonly Lease[]): string[] => leases.map(({ name }) => name);
