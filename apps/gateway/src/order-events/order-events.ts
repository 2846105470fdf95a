import { OrderId } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { OrderMessage } from '../representations/order-message.js';
import { EVENT_ID, type EventId, parseEventId } from './positions.js';

export const OrderMessages = z
  .object({
    items: z.array(OrderMessage),
    complete: z.boolean().meta({
      description:
        'False when so much lies in the log since the order began that not all of it was read: there may be more of the order after these. ' +
        'The stream of events has them.',
    }),
  })
  .meta({ id: 'OrderMessages', description: 'In causal order' });
export type OrderMessages = z.infer<typeof OrderMessages>;

const EventStreamText = z.string().meta({
  id: 'OrderMessageStream',
  description:
    'Server-sent events. `data` is an OrderMessage as JSON; `id` says how far the stream has got. The comment `live` marks where ' +
    'the past ends; a comment every 15 seconds keeps the connection open. An event named `reset` says that Last-Event-ID is of a log that ' +
    'Kafka no longer has: its `data` is `{"reason":"log-lost"}`, its `id` is empty, and the messages follow from the first one on. ' +
    'Forget those received before.',
});

/** A browser sends an empty id after `reset`: the stream begins at the start. */
const LastEventId = z
  .string()
  .regex(new RegExp(`^$|${EVENT_ID.source}`), 'must be the id of an event of this stream')
  .optional()
  .transform((text, context): EventId | undefined => {
    if (text === undefined || text === '') return undefined;
    const id = parseEventId(text);
    if (typeof id !== 'string') return id;
    context.addIssue({ code: 'custom', message: id });
    return z.NEVER;
  });

export const orderEvents = operation({
  id: 'orderEvents',
  method: 'GET',
  path: PATHS.orderEvents,
  tag: 'Orders',
  summary: "Read an order's messages, or watch them",
  description:
    'Every Kafka message about the order, commands and events of all services, each after what caused it. How it is paid, and persons’ data, ' +
    'are left out: the order itself has its address. ' +
    'With `Accept: text/event-stream` the past ones come first, then each as it happens, until the client goes.',
  params: { orderId: OrderId },
  headers: {
    Accept: z.string().optional().meta({ description: '`text/event-stream` to watch, anything else to read' }),
    'Last-Event-ID': LastEventId.meta({
      description:
        'The id of the last event that was received: the stream goes on after it. The id of another order is refused.',
    }),
  },
  answers: {
    200: {
      description: 'The messages',
      content: { 'application/json': OrderMessages, 'text/event-stream': EventStreamText },
    },
  },
  problems: [PROBLEMS.notFound, PROBLEMS.tooManyRequests, PROBLEMS.unavailable],
});
