import { OrderId, SERVICES, TOPICS } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { orderIds } from '../api/order-ids.js';
import { PATHS } from '../paths.js';
import { STREAM_ID, StreamPosition } from './positions.js';
import { ANSWERS, type Watched } from './streamed-message.js';

const WATCHED = ['tick', 'orders', 'sagas', 'messages', ...ANSWERS] as const satisfies readonly Watched[];
/** Without those for which services are asked. */
const UNASKED = 'orders,messages';
const ONE = `(?:${WATCHED.join('|')})`;
const KEY_CHARACTERS_MAX = 512;
/** Orders of which one stream tells the messages, while it tells of all orders: so many pages of a browser share it. */
const MESSAGES_OF_MAX = 20;

const Watch = z
  .string()
  .regex(new RegExp(`^${ONE}(?:,${ONE}){0,${WATCHED.length - 1}}$`), `must name some of ${WATCHED.join(', ')}`)
  .default(UNASKED)
  .transform((text) => new Set(text.split(',') as Watched[]))
  .meta({ description: `What to be told, with commas between: ${WATCHED.map((one) => `\`${one}\``).join(', ')}` });

const MessagesOf = orderIds(MESSAGES_OF_MAX, `must be ids of orders with commas between, ${MESSAGES_OF_MAX} at most`)
  .transform((ids) => new Set(ids))
  .optional()
  .meta({
    description:
      'Messages of these orders alone, with commas between; `order` and `saga` are told of all. One stream does so for a list of orders and the ' +
      'pages of some',
  });

/** Empty, as a browser sends it when it has received no event with an id. */
const LastEventId = z
  .string()
  .regex(new RegExp(`^$|${STREAM_ID.source}`), 'must be the id of an event of this stream')
  .optional()
  .transform((text, context): StreamPosition | undefined => {
    if (text === undefined || text === '') return undefined;
    const position = StreamPosition.parse(text);
    if (position) return position;
    context.addIssue({ code: 'custom', message: 'has an offset above 2^63 - 1' });
    return z.NEVER;
  });

const StreamText = z.string().meta({
  id: 'Stream',
  description:
    'Server-sent events. An event without a name is a message, its `data` an OrderMessage as JSON, without what is secret in it or of a person. ' +
    '`order`: `{id, status, version}`, what an event of an order says of it; null where it does not, then read the order. ' +
    '`saga`: `{id, orderId, state, version}`, a saga that has moved. ' +
    '`tick`: `{at, rates, inFlight, sagas, parked, unpublished, oldestUnpublishedMs, lag, health}`, once a second how the whole system is; a service that ' +
    'does not answer is missing in `parked` and `unpublished`, not zero. `contention`: a Contention, as `/v1/contention` answers it, every two seconds. ' +
    '`faults`: the processes and the faults in them, every second, and `invariants`: what the doctor has found, whenever it has looked; both where `npm start` runs the ' +
    'services. `untold`: `{watch}`, what you watch and this gateway cannot tell. `shed`: `{event, count}`, what you have missed because you read too slowly; `bye`: `{reason: "too-slow"}` after which the stream ends. ' +
    '`kafka`: `{reachable}`, whether Kafka can be read. `reset`: `{reason}`, what came since Last-Event-ID is not told, since it is too much or gone ' +
    '(`too-far`), or Kafka has another log (`log-lost`): read again what you show. The comment `live` marks where what is new begins; a comment ' +
    'every 15 seconds keeps the connection open. An id stands behind all events that came together: whoever is cut off before it is told them again.',
});

export const readStream = operation({
  id: 'readStream',
  operator: true,
  local: true,
  method: 'GET',
  path: PATHS.stream,
  tag: 'Stream',
  summary: 'Watch all that happens',
  description:
    'One stream for everything a client shows: the messages of all orders, in the order of their partitions, or those that fit all of the ' +
    'filters. All streams of a gateway share one reader of Kafka. A client that comes back with Last-Event-ID is told what it has missed, ' +
    'also by another gateway.',
  query: {
    watch: Watch,
    messagesOf: MessagesOf,
    order: OrderId.optional().meta({ description: 'Only of this order' }),
    key: z.string().min(1).max(KEY_CHARACTERS_MAX).optional().meta({ description: 'Only with this key' }),
    type: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9]{0,99}$/, 'must be the name of a message such as OrderPlaced')
      .optional()
      .meta({ description: 'Only of this type, such as `OrderPlaced`' }),
    topic: z
      .enum(TOPICS.map(({ name }) => name) as [string, ...string[]])
      .optional()
      .meta({ description: 'Only in this topic' }),
    source: z.enum(SERVICES).optional().meta({ description: 'Only from this service' }),
  },
  headers: {
    'Last-Event-ID': LastEventId.meta({
      description: 'The id of the last event that was received: the stream goes on after it',
    }),
  },
  answers: { 200: { description: 'The stream', content: { 'text/event-stream': StreamText } } },
  problems: [PROBLEMS.tooManyRequests],
});
