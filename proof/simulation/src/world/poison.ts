import type { WireMessage } from '@backstep/messages';
import type { World } from './world.js';

/** Makes a message about `key` that `service` can read and not handle; undefined: there is none. */
export type Poison = (service: string, key: string) => WireMessage | undefined;

/** How often an operator looks at what is parked, milliseconds. */
const OPERATOR_EVERY_MS = 7_000;
/** How often he tries a message again before he gives it up. */
const TRIED_AGAIN = 0.3;

/**
 * Puts a message where others of its key lie that its service cannot handle: cut off in the middle, or beyond what the service can
 * do. It is parked, what comes behind it is held, and an operator gives it up after a while.
 * @returns false when there is nothing yet to lie beside
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
  const operate = (): void => {
    operator(world, service);
    kernel.after(OPERATOR_EVERY_MS, operate);
  };
  kernel.after(random.below(OPERATOR_EVERY_MS), operate);
  return true;
}

/** Looks at one instance, as its administrator would. What fails is tried again the next time. */
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
