import type { WireMessage } from '@backstep/messages';
import type { World } from './world.js';

/** Makes a message about `key` that `service` can read and not handle; undefined when there is none. */
export type Poison = (service: string, key: string) => WireMessage | undefined;

/** How often an operator looks at the parked messages, milliseconds. */
const OPERATOR_EVERY_MS = 7_000;
/** How often the operator replays a message before it is discarded. */
const TRIED_AGAIN = 0.3;

/**
 * Puts an unhandleable message beside others of its key: cut off in the middle, or one that its handler refuses. It is parked, later messages
 * of its key are held, and an operator discards it after a while.
 * @returns false when no other message is there yet
 */
export function poison(world: World, service: string, unhandled: Poison): boolean {
  const { log, random, kernel } = world;
  const there = log.records.filter(({ topic }) => world.reads(service, topic));
  if (there.length === 0) return false;
  const beside = random.pick(there);
  const message = unhandled(service, beside.key) ?? {
    ...beside,
    headers: { ...beside.headers, ce_id: random.uuid() },
    value: (beside.value ?? '').slice(0, -1),
  };
  world.poisoned.add(message.headers['ce_id'] ?? '');
  world.produce(message);
  // Every service that reads the topic and handles the message parks it.
  const readers = [...world.stores.keys()].filter((reader) => world.reads(reader, message.topic));
  const operate = (): void => {
    for (const reader of readers) operator(world, reader);
    kernel.after(OPERATOR_EVERY_MS, operate);
  };
  kernel.after(random.below(OPERATOR_EVERY_MS), operate);
  return true;
}

/** Acts on one instance, as an operator would. A failed action is tried again the next time. */
function operator(world: World, service: string): void {
  const { kernel, random, story } = world;
  const parked = [...world.store(service).parked.values()].filter(({ state }) => state !== 'discarded');
  const living = world.living(service);
  if (parked.length === 0 || living.length === 0) return;
  const { consumer, process } = random.pick(living);
  const poisoned = parked.find(({ state }) => state === 'poisoned');
  const again = poisoned !== undefined && random.chance(TRIED_AGAIN);
  const act = async (): Promise<void> => {
    if (!poisoned) return consumer.releaseHeld();
    if (again) await consumer.replay(poisoned.id);
    else await consumer.discard(poisoned.id);
    story.tell(() => `an operator has given up a message of ${story.nameOf(poisoned.key)} in ${service}`);
  };
  kernel.after(0, () => void act().catch(() => undefined), process);
}
