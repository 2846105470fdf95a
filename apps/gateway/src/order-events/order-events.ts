import { OrderId } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/platform';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { OrderMessage } from '../representations/order-message.js';
import { parsePositions, type Positions, START } from './positions.js';

export const OrderMessages = z
  .object({ items: z.array(OrderMessage) })
  .meta({ id: 'OrderMessages', description: 'In causal order' });
export type OrderMessages = z.infer<typeof OrderMessages>;

const EventStreamText = z.string().meta({
  id: 'OrderMessageStream',
  description:
    'Server-sent events. `data` is an OrderMessage as JSON; `id` says how far the stream has got. The comment `live` marks where ' +
    'the past ends; a comment every 15 seconds keeps the connection open.',
});

const LastEventId = z
  .string()
  .optional()
  .transform((text, context): Positions => {
    if (text === undefined || text === '') return START;
    const positions = parsePositions(text);
    if (positions) return positions;
    context.addIssue({ code: 'custom', message: 'must be the id of an event of this stream' });
    return z.NEVER;
  });

export const orderEvents = operation({
  id: 'orderEvents',
  method: 'GET',
  path: PATHS.orderEvents,
  tag: 'Orders',
  summary: "Read an order's messages, or watch them",
  description:
    'Every Kafka message about the order, commands and events of all services, each after what caused it. ' +
    'With `Accept: text/event-stream` the past ones come first, then each as it happens, until the client goes.',
  params: { orderId: OrderId },
  headers: {
    Accept: z.string().optional().meta({ description: '`text/event-stream` to watch, anything else to read' }),
    'Last-Event-ID': LastEventId.meta({
      description: 'The id of the last event that was received: the stream goes on after it',
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
