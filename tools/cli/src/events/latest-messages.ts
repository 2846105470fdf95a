import type { ReceivedMessage } from '@backstep/kafka';
import type { OrderMessage } from '../shared/representations.js';

export interface Latest {
  /** Each after what caused it. */
  readonly messages: readonly ReceivedMessage[];
  /** How many were wanted and read, and are earlier than these. */
  readonly earlier: number;
  /** True for what was read, shown or not. */
  isPast(message: Pick<ReceivedMessage, 'topic' | 'partition' | 'offset'>): boolean;
}

/**
 * The newest `limit` messages that are wanted, of all that are handed in, in order within a partition. Memory holds `limit` of each partition, so that no
 * record hides others by its time.
 */
export async function latestMessages(
  batches: AsyncIterable<readonly ReceivedMessage[]>,
  limit: number,
  wanted: (message: ReceivedMessage) => boolean = () => true,
): Promise<Latest> {
  const logs = new Map<string, ReceivedMessage[]>();
  const positions = new Map<string, bigint>();
  let found = 0;
  for await (const batch of batches) {
    for (const message of batch) {
      const place = placeOf(message);
      positions.set(place, BigInt(message.offset));
      if (!wanted(message)) continue;
      found += 1;
      const log = logs.get(place) ?? [];
      logs.set(place, log);
      log.push(message);
      if (log.length > 2 * limit) log.splice(0, log.length - limit);
    }
  }
  const newest = newestOf([...logs.values()], limit);
  return {
    messages: afterTheirCauses(newest),
    earlier: found - newest.length,
    isPast: (message) => BigInt(message.offset) <= (positions.get(placeOf(message)) ?? -1n),
  };
}

const placeOf = ({ topic, partition }: Pick<ReceivedMessage, 'topic' | 'partition'>): string => `${topic}/${partition}`;

/** A message is no later than those behind it in its partition, or than now, whatever its time says. */
function newestOf(logs: readonly ReceivedMessage[][], limit: number): ReceivedMessage[] {
  const now = Date.now();
  return logs
    .flatMap((log) => {
      let at = now;
      return [...log]
        .reverse()
        .slice(0, limit)
        .map((message, behind) => ({ message, behind, at: (at = Math.min(at, message.timestamp)) }));
    })
    .sort((a, b) => b.at - a.at || a.behind - b.behind)
    .slice(0, limit)
    .map(({ message }) => message);
}

function byTime(a: ReceivedMessage, b: ReceivedMessage): number {
  if (a.timestamp !== b.timestamp) return a.timestamp - b.timestamp;
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return a.partition - b.partition || (BigInt(a.offset) < BigInt(b.offset) ? -1 : 1);
}

/** By time; what was caused by another comes after it, also when both have the same millisecond. */
export function afterTheirCauses(messages: readonly ReceivedMessage[]): ReceivedMessage[] {
  const sorted = [...messages].sort(byTime);
  const byId = new Map(sorted.map((message) => [message.headers['ce_id'], message]));
  const told = new Set<ReceivedMessage>();
  for (const message of sorted) {
    // The chain of causes back to one that is told, or unknown; then forward again. Iterative: a chain may be long.
    const chain: ReceivedMessage[] = [];
    for (let link: ReceivedMessage | undefined = message; link && !told.has(link) && !chain.includes(link);) {
      chain.push(link);
      const cause: string | undefined = link.headers['ce_causationid'];
      link = cause === undefined ? undefined : byId.get(cause);
    }
    for (const link of chain.reverse()) told.add(link);
  }
  return [...told];
}

/** As the API shows messages. */
export const toOrderMessage = ({ timestamp, value, unreadable, ...message }: ReceivedMessage): OrderMessage => ({
  ...message,
  timestamp: new Date(timestamp).toISOString(),
  value: value === null ? null : parsed(value),
  ...(unreadable ? { unreadable } : {}),
});

/** A poisoned message is shown too, as the text that it is. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
