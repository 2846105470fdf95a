import type { Catalogue } from '@backstep/messages';

/** Whether messages of a service belong on a topic. */
export function writersOf({ messages, commandsFrom }: Catalogue): (service: string, topic: string) => boolean {
  const writers = new Map<string, string>();
  for (const { kind, topic, service } of messages) writers.set(topic, kind === 'command' ? commandsFrom : service);
  return (service, topic) => writers.get(topic) === service;
}

/**
 * The consumer groups of the other services of a catalogue, by service: named as this one's is.
 * @throws Error when the name of this service does not stand in the name of its group, so that those of others do not follow
 */
export function groupsOfOthers(
  service: string,
  groupId: string,
  { messages, topics, commandsFrom, readersOf }: Catalogue,
): ReadonlyMap<string, string> {
  const at = groupId.lastIndexOf(service);
  if (at < 0)
    throw new Error(
      `groupId must contain the name of the service for express between processes, as the groups of others are named like it: not ${groupId} for ${service}`,
    );
  const [before, after] = [groupId.slice(0, at), groupId.slice(at + service.length)];
  const readers = topics.flatMap((topic) => readersOf(topic) ?? []);
  const services = new Set([...messages.map((message) => message.service), ...readers, commandsFrom]);
  services.delete(service);
  return new Map([...services].map((other) => [other, `${before}${other}${after}`]));
}
