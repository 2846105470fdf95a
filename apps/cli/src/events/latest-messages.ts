import type { ReceivedMessage } from '@backstep/kafka';
import type { OrderMessage } from '../shared/representations.js';

export interface Latest {
  /** Each after what caused it. */
  readonly messages: readonly ReceivedMessage[];
  /** True for what was read, shown or not. */
  isPast(message: Pick<ReceivedMessage, 'topic' | 'partition' | 'offset'>): boolean;
}

/** The newest `limit` messages of all that are handed in, in order within a partition. Memory holds twice as many. */
export async function latestMessages(
  batches: AsyncIterable<readonly ReceivedMessage[]>,
  limit: number,
): Promise<Latest> {
  let newest: ReceivedMessage[] = [];
  const positions = new Map<string, bigint>();
  for await (const batch of batches) {
    newest.push(...batch);
    for (const message of batch) positions.set(placeOf(message), BigInt(message.offset));
    if (newest.length > 2 * limit) newest = newestOf(newest, limit);
  }
  return {
    messages: afterTheirCauses(newestOf(newest, limit)),
    isPast: (message) => BigInt(message.offset) <= (positions.get(placeOf(message)) ?? -1n),
  };
}

const placeOf = ({ topic, partition }: Pick<ReceivedMessage, 'topic' | 'partition'>): string => `${topic}/${partition}`;

const newestOf = (messages: ReceivedMessage[], limit: number): ReceivedMessage[] => messages.sort(byTime).slice(-limit);

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
export const toOrderMessage = ({ timestamp, value, ...message }: ReceivedMessage): OrderMessage => ({
  ...message,
  timestamp: new Date(timestamp).toISOString(),
  value: value === null ? null : parsed(value),
});

/** A poisoned message is shown too, as the text that it is. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
