import { message, newId, type Message, type WireMessage } from '@backstep/messages';
import {
  CATALOGUE,
  OrderConfirmed,
  PaymentDeclined,
  ReserveStock,
  ShipmentRefused,
  StockReserved,
  TOPICS,
} from '@backstep/contracts';
import type { Fault } from './fault.js';
import { publish } from './publish-again.js';

/** A message that was thrown in. It carries its number in the header {@link MARK}, by which it is found where it is parked. */
export interface Poisoned {
  readonly mark: string;
  readonly kind: string;
  readonly topic: string;
  /** False for those that can be read, and must have no effect. */
  readonly mustPark: boolean;
}

export const MARK = 'x-chaos';

/** Just beyond what is accepted, and still what Kafka takes. */
const HUGE_BYTES = 300_000;

/** `commands`: parked where it is a command. An event that nobody handles is passed over. */
type MustPark = boolean | 'commands';
type Kind = readonly [name: string, mustPark: MustPark, make: (sound: WireMessage) => Partial<WireMessage>];

const KINDS: readonly Kind[] = [
  ['not JSON', true, () => ({ value: '{"orderId":' })],
  ['wrong schema', true, () => ({ value: '{"orderId":42}' })],
  ['unknown type', 'commands', ({ headers }) => ({ headers: { ...headers, ce_type: 'EatEverything' } })],
  [
    'unknown version',
    'commands',
    ({ headers }) => ({ headers: { ...headers, ce_dataschema: 'urn:backstep:schema:ReserveStock:99' } }),
  ],
  ['another sender', true, ({ headers }) => ({ headers: { ...headers, ce_source: 'chaos' } })],
  ['no headers', true, () => ({ headers: {} })],
  ['an id that is none', true, ({ headers }) => ({ headers: { ...headers, ce_id: '42' } })],
  ['no key', true, () => ({ key: '', value: 'null' })],
  [
    'huge',
    true,
    ({ value }) => ({ value: JSON.stringify({ ...(JSON.parse(value) as object), junk: 'x'.repeat(HUGE_BYTES) }) }),
  ],
];

/** One of each kind, into every topic. */
export const poison: Fault = {
  name: 'poisoned messages',
  weight: 2,
  touches: ['messages', 'kafka'],
  lastsMs: [500, 1_000],
  leaves: ['parked'],
  async apply({ system, poisoned }) {
    const thrown: Poisoned[] = [];
    const messages = TOPICS.flatMap(({ name: topic }) =>
      [...KINDS, ...wrongKeys(topic)].map(([kind, mustPark, make]) => {
        const sound = soundMessage(topic);
        const changed = { ...sound, ...make(sound) };
        const mark = `${poisoned.length + thrown.length}`;
        thrown.push({
          mark,
          kind,
          topic,
          mustPark: mustPark === true || (mustPark === 'commands' && topic.endsWith('.commands')),
        });
        return { ...changed, headers: { ...changed.headers, [MARK]: mark } };
      }),
    );
    // Recorded before they are sent, since each of them may arrive.
    poisoned.push(...thrown);
    await publish(system.environment().kafka.brokers, messages);
    return { what: `${messages.length} into ${TOPICS.length} topics`, heal: () => Promise.resolve() };
  },
};

/** Keyed by another order than its own, and about an unknown order: readable, and it must have no effect. */
const wrongKeys = (topic: string): Kind[] =>
  topic === StockReserved.topic ? [['wrong key', false, () => ({ key: newId() })]] : [];

/** A complete message of a type of this topic, about an unknown order. */
function soundMessage(topic: string): WireMessage {
  const orderId = newId();
  const items = [{ sku: 'kettle', quantity: 1 }];
  const context = { source: senderOf(topic), commandId: newId() };
  const paymentIntentId = newId();
  const events: Readonly<Record<string, Message>> = {
    [OrderConfirmed.topic]: message(OrderConfirmed, { orderId }, context),
    [StockReserved.topic]: message(StockReserved, { orderId, items }, context),
    [PaymentDeclined.topic]: message(
      PaymentDeclined,
      { orderId, paymentIntentId, reason: 'chaos', message: '' },
      context,
    ),
    [ShipmentRefused.topic]: message(ShipmentRefused, { orderId, reason: 'chaos' }, context),
  };
  const about = events[topic] ?? message(ReserveStock, { orderId, items }, context);
  return { ...CATALOGUE.encode(about), topic };
}

const senderOf = (topic: string): string =>
  topic.endsWith('.commands') ? 'orchestrator' : (topic.split('.')[0] ?? '');
