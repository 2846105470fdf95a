import type { JsonSchema } from './json-schema.js';

const TEXT = { type: 'string' } as const;
const ID = { type: 'string', format: 'uuid' } as const;

/** All Kafka headers of a message, in the order in which they are written. All are text, as the CloudEvents Kafka binding demands. */
export const HEADERS: Readonly<Record<string, JsonSchema & { readonly description: string }>> = {
  'content-type': { const: 'application/json', description: 'The value is JSON.' },
  ce_specversion: { const: '1.0', description: 'CloudEvents 1.0, Kafka protocol binding, binary content mode.' },
  ce_id: {
    ...ID,
    description: 'The id of this message. A message that arrives twice has the same id twice and counts once.',
  },
  ce_type: { ...TEXT, description: 'The name of the message.' },
  ce_source: { ...TEXT, description: 'The service that said it.' },
  ce_subject: { ...TEXT, description: 'What it is about; the same text as the Kafka key.' },
  ce_time: { type: 'string', format: 'date-time', description: 'When it was said: RFC 3339, UTC, milliseconds.' },
  ce_dataschema: {
    type: 'string',
    pattern: '^urn:backstep:schema:[A-Za-z]+:[0-9]+$',
    description: 'Name and version of the schema of the value. Missing, it is version 1.',
  },
  ce_sagaid: { ...ID, description: 'The saga instance it belongs to.' },
  ce_causationid: { ...ID, description: 'The `ce_id` of the message that caused this one.' },
  ce_commandid: {
    ...ID,
    description: 'On a command: its own id, the same each time it is sent again. On an event: the command it answers.',
  },
  ce_aggregateversion: {
    type: 'string',
    pattern: '^[0-9]+$',
    description: 'On an event: the version of the row it tells about, after the change.',
  },
  traceparent: { ...TEXT, description: 'W3C trace context.' },
};

/** Headers of every message. The others appear where they apply. */
export const REQUIRED_HEADERS: readonly string[] = [
  'content-type',
  'ce_specversion',
  'ce_id',
  'ce_type',
  'ce_source',
  'ce_subject',
  'ce_time',
  'ce_dataschema',
];
