import { SERVICES, type ServiceName } from '@backstep/contracts';
import { Time } from '@backstep/contracts/http';
import { z } from 'zod';
import { href, PATHS } from '../paths.js';
import { Link } from './fields.js';
import { shownHeaders } from './log-message.js';
import { shownText } from './shown-text.js';

export const Service = z.enum(SERVICES).meta({ id: 'Service' });

export const ParkedState = z.enum(['poisoned', 'held', 'discarded']).meta({
  id: 'ParkedState',
  description:
    'poisoned: cannot be handled. held: waits behind a poisoned one of its key. discarded: an operator gave it up.',
});

export const ParkedMessage = z
  .object({
    id: z.uuid().meta({ description: 'The `ce_id` of the message, or one made from its position when it has none' }),
    service: Service.meta({ description: 'The service that could not handle it' }),
    state: ParkedState,
    version: z.int().meta({ description: 'For If-Match of replay and discard: `"v1"`. It counts what became of it' }),
    held: z
      .int()
      .meta({ description: 'How many wait behind it, up to the next poisoned one of its key; 1000 is 1000 or more' }),
    behind: z.uuid().nullable().meta({
      description:
        'Of a held one, the poisoned one that it waits behind; null when it is free, and is handled in some seconds',
    }),
    topic: z.string(),
    partition: z.int(),
    offset: z.string(),
    key: z.string(),
    type: z.string().nullable(),
    headers: z.record(z.string(), z.string()),
    value: z
      .string()
      .nullable()
      .meta({
        description:
          'As it came, which need not be JSON. What names a secret or a person’s data by its key is left out: then JSON is written anew, ' +
          'and of another text the first 8,192 characters are shown.',
      }),
    cut: z.boolean().meta({
      description:
        'Not kept whole, because it is larger than any message that is handled, or cannot be read: discard it',
    }),
    sizeBytes: z.int().nullable().meta({ description: 'The size of its value in Kafka, where that is known' }),
    cause: z.string().meta({ description: 'Short and stable, for grouping: `bad_json`, `handler_failed`, …' }),
    error: z.string(),
    attempts: z.int(),
    parkedAt: Time,
    links: z.object({ self: Link, replay: Link, discard: Link }),
  })
  .meta({ id: 'ParkedMessage' });
export type ParkedMessage = z.infer<typeof ParkedMessage>;

export const ParkedSummary = ParkedMessage.omit({ headers: true, value: true }).meta({
  id: 'ParkedSummary',
  description: 'A parked message among others: without its headers and its value, which may have 256 KB',
});
export type ParkedSummary = z.infer<typeof ParkedSummary>;

/** As each service answers it. */
export const ParkedMessageView = ParkedMessage.omit({ links: true, service: true });
export type ParkedMessageView = z.infer<typeof ParkedMessageView>;
/** As each service lists it. */
export const ParkedSummaryView = ParkedSummary.omit({ links: true, service: true });
export type ParkedSummaryView = z.infer<typeof ParkedSummaryView>;

export const toParkedMessage = (service: ServiceName, message: ParkedMessageView): ParkedMessage => ({
  ...toParkedSummary(service, message),
  headers: shownHeaders(message.headers),
  value: message.value === null ? null : shownText(message.value),
});

export const toParkedSummary = (service: ServiceName, message: ParkedSummaryView): ParkedSummary => ({
  id: message.id,
  service,
  state: message.state,
  version: message.version,
  held: message.held,
  behind: message.behind,
  topic: message.topic,
  partition: message.partition,
  offset: message.offset,
  key: message.key,
  type: message.type,
  cut: message.cut,
  sizeBytes: message.sizeBytes,
  cause: message.cause,
  error: message.error,
  attempts: message.attempts,
  parkedAt: message.parkedAt,
  links: {
    self: href(PATHS.parkedMessage, { messageId: message.id }, { service }),
    replay: href(PATHS.replay, { messageId: message.id }, { service }),
    discard: href(PATHS.discard, { messageId: message.id }, { service }),
  },
});
