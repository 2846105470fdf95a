import type { ReceivedMessage } from '@backstep/kafka';

/** What decides the causal order of a message: its place, its time, and its causes. */
export type LoggedMessage = Pick<ReceivedMessage, 'topic' | 'partition' | 'offset' | 'timestamp' | 'headers'>;

/**
 * Merges one key's messages from several topics into causal order. A message comes after its cause (`ce_causationid`), an event also after the
 * command that it answers (`ce_commandid`); otherwise time decides, then the topic. The same set of messages gives the same order, in
 * whatever order they are passed in.
 *
 * Time alone is not enough: a command and its answer often share a millisecond, and clocks of two hosts differ by more.
 *
 * The order within a partition is always kept, as the positions of a stream rely on it. So this is a merge of logs that holds a log back while
 * the cause of its next message is still to come. Where causes contradict the logs (Kafka lost its disk, a message was sent again after its
 * effect), time decides, and no message is left out.
 */
export function causalOrder<M extends LoggedMessage>(messages: readonly M[]): M[] {
  const logs = logsOf(messages);
  const causes = causesOf(logs);
  const told = new Set<M>();
  const isReady = (message: M): boolean => causes(message).every((cause) => told.has(cause));

  for (;;) {
    const heads = logs.flatMap(({ messages: log, next }) => log[next] ?? []);
    if (heads.length === 0) return [...told];
    const ready = heads.filter(isReady);
    const first = (ready.length > 0 ? ready : heads).reduce((a, b) => (isEarlier(b, a) ? b : a));
    told.add(first);
    for (const log of logs) if (log.messages[log.next] === first) log.next += 1;
  }
}

interface Log<M> {
  readonly messages: readonly M[];
  next: number;
}

/** One log for each partition, sorted by offset. A message that is passed in twice is there once. */
function logsOf<M extends LoggedMessage>(messages: readonly M[]): Log<M>[] {
  const logs = new Map<string, Map<string, M>>();
  for (const message of messages) {
    const place = `${message.topic}/${message.partition}`;
    const log = logs.get(place) ?? new Map<string, M>();
    logs.set(place, log.set(message.offset, message));
  }
  return [...logs.values()].map((log) => ({ messages: [...log.values()].sort(byOffset), next: 0 }));
}

/**
 * The messages that must come before one. Kafka may hold a message twice under the same id, and each attempt of a command is a message with
 * the same `ce_commandid`: the first of them is the cause.
 */
function causesOf<M extends LoggedMessage>(logs: readonly Log<M>[]): (message: M) => M[] {
  const byId = new Map<string, M>();
  const byCommand = new Map<string, M>();
  for (const message of logs.flatMap((log) => log.messages)) {
    const { ce_id: id, ce_commandid: command } = message.headers;
    if (id !== undefined && !byId.has(id)) byId.set(id, message);
    if (command !== undefined && isCommand(message) && !byCommand.has(command)) byCommand.set(command, message);
  }
  return (message) => {
    const { ce_causationid: causation, ce_commandid: command } = message.headers;
    const cause = causation === undefined ? undefined : byId.get(causation);
    const asked = command === undefined || isCommand(message) ? undefined : byCommand.get(command);
    return [cause, asked].filter((found) => found !== undefined && found !== message) as M[];
  };
}

export const isCommand = ({ topic }: Pick<LoggedMessage, 'topic'>): boolean => topic.endsWith('.commands');

const byOffset = (a: LoggedMessage, b: LoggedMessage): number => (BigInt(a.offset) < BigInt(b.offset) ? -1 : 1);

function isEarlier(a: LoggedMessage, b: LoggedMessage): boolean {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp;
  return a.topic !== b.topic ? a.topic < b.topic : a.partition < b.partition;
}
