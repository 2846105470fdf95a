import { Time } from '@backstep/contracts/http';
import type { ReceivedMessage } from '@backstep/kafka';
import { z } from 'zod';

const Unreadable = z
  .object({
    cause: z.enum(['unreadable', 'oversize']),
    error: z.string(),
    sizeBytes: z.int().optional(),
  })
  .meta({
    id: 'Unreadable',
    description:
      'Why this record, or all records of a batch that ends with it, could not be opened. It may be of any order: its key is not known.',
  });

export const OrderMessage = z
  .object({
    topic: z.string(),
    partition: z.int(),
    offset: z.string().meta({ description: 'Decimal, 64 bit' }),
    timestamp: Time.meta({ description: 'When it was sent to Kafka' }),
    key: z.string().nullable(),
    headers: z.record(z.string(), z.string()).meta({ description: 'CloudEvents attributes with the prefix `ce_`' }),
    value: z.unknown().meta({
      description:
        'The JSON value; the bare text when it is not JSON. What names a secret or a person’s data by its key is left out.',
    }),
    unreadable: Unreadable.optional(),
  })
  .meta({ id: 'OrderMessage', description: 'A message as it lies in Kafka' });
export type OrderMessage = z.infer<typeof OrderMessage>;

export const toOrderMessage = ({
  topic,
  partition,
  offset,
  timestamp,
  key,
  headers,
  value,
  unreadable,
}: ReceivedMessage): OrderMessage => ({
  topic,
  partition,
  offset,
  timestamp: new Date(timestamp).toISOString(),
  key,
  headers,
  value: value === null ? null : parsed(value),
  ...(unreadable ? { unreadable } : {}),
});

/** A poisoned message is shown as its text. */
function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
