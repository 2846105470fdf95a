import { OrderId, SERVICES, type ServiceName } from '@backstep/contracts';
import { Time } from '@backstep/contracts/http';
import { z } from 'zod';
import { Order } from './order.js';
import { OrderMessage } from './order-message.js';
import { ParkedState, Service } from './parked-message.js';
import { PaymentIntent } from './payment-intent.js';
import { Saga } from './saga.js';

/** Items of each list, and messages that a service is asked about. */
export const EVIDENCE_MAX = 1_000;

const place = { topic: z.string(), partition: z.int(), offset: z.string().meta({ description: 'Decimal, 64 bit' }) };
const messageId = z.string().meta({ description: '`ce_id` of the message' });

const Received = z.object({ messageId, receivedAt: Time }).meta({ id: 'ReceivedEvidence' });
const Dropped = z
  .object({ messageId, ...place, at: Time })
  .meta({ id: 'DroppedEvidence', description: 'A record that was dropped, as its message was known already' });
const Unsent = z
  .object({ id: z.string(), topic: z.string(), type: z.string().nullable(), createdAt: Time })
  .meta({ id: 'UnsentEvidence', description: 'A committed message that is not known to be in Kafka' });
const Parked = z
  .object({
    id: z.string(),
    type: z.string().nullable(),
    state: ParkedState,
    cause: z.string(),
    ...place,
    parkedAt: Time,
  })
  .meta({ id: 'ParkedEvidence' });
const Row = z
  .object({
    table: z.string(),
    key: z.string(),
    version: z.int(),
    state: z.string().meta({ description: 'For people, as it is now' }),
  })
  .meta({ id: 'RowEvidence' });
const timer = { name: z.string(), dueAt: Time, wakeAt: Time, failures: z.int() };
const Timer = z
  .object({ ...timer, sagaId: z.string() })
  .meta({ id: 'TimerEvidence', description: 'It fires at `wakeAt`: later than it is due when firing it has failed' });
const Group = z
  .object({
    id: z.string(),
    positions: z.array(
      z.object({
        topic: z.string(),
        partition: z.int(),
        committed: z
          .string()
          .nullable()
          .meta({ description: 'The next offset that it reads; null when it has read nothing yet' }),
      }),
    ),
  })
  .meta({ id: 'GroupEvidence', description: 'A consumer group, in the partition of the order’s key in each topic' });

const truncated = z
  .array(z.string())
  .meta({ description: `The lists that are cut: each has at most ${EVIDENCE_MAX} items` });

/** As each service answers it: its word is the key, which is the order. */
export const ServiceEvidenceView = z.object({
  inbox: z.array(Received),
  dropped: z.array(Dropped),
  outbox: z.array(Unsent),
  parked: z.array(Parked),
  rows: z.array(Row),
  timers: z.array(z.object({ ...timer, of: z.string() })),
  group: Group.nullable(),
  truncated,
});
export type ServiceEvidenceView = z.infer<typeof ServiceEvidenceView>;

export const ServiceEvidence = ServiceEvidenceView.extend({
  service: Service,
  inbox: z.array(Received).meta({ description: 'Of `messages`: those that the service has handled or parked' }),
  dropped: z.array(Dropped).meta({
    description:
      'The duplicates that the process which answered has dropped lately. Other processes of the service may have dropped more.',
  }),
  timers: z.array(Timer),
  group: Group.nullable().meta({ description: 'null while Kafka does not answer' }),
}).meta({ id: 'ServiceEvidence' });
export type ServiceEvidence = z.infer<typeof ServiceEvidence>;

const Missing = z
  .object({ source: z.enum([...SERVICES, 'kafka']), what: z.string() })
  .meta({ id: 'MissingEvidence', description: 'What could not be looked at' });
export type Missing = z.infer<typeof Missing>;

export const Evidence = z
  .object({
    orderId: OrderId,
    takenAt: Time.meta({ description: 'The sources are read one after the other, within some tenths of a second' }),
    order: Order.nullable().meta({ description: 'null when the order service does not answer' }),
    sagas: z.array(Saga).meta({ description: 'The first begun first' }),
    intents: z.array(PaymentIntent),
    messages: z.array(OrderMessage).meta({
      description:
        'In causal order; of more than fit the latest. What may be secret in them (payment methods) or is of a person (addresses) is left out.',
    }),
    services: z.array(ServiceEvidence),
    truncated,
    missing: z.array(Missing),
  })
  .meta({ id: 'Evidence', description: 'All that is known about an order, from everywhere' });
export type Evidence = Omit<z.infer<typeof Evidence>, 'order' | 'intents'> & {
  readonly order: Order | null;
  readonly intents: readonly PaymentIntent[];
};

export const toServiceEvidence = (service: ServiceName, view: ServiceEvidenceView): ServiceEvidence => ({
  service,
  inbox: view.inbox,
  dropped: view.dropped,
  outbox: view.outbox,
  parked: view.parked,
  rows: view.rows,
  timers: view.timers.map(({ name, of: sagaId, dueAt, wakeAt, failures }) => {
    return { name, sagaId, dueAt, wakeAt, failures };
  }),
  group: view.group,
  truncated: view.truncated,
});
