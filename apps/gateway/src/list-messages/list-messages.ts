import { PARTITIONS, TOPICS } from '@backstep/contracts';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { LogMessage, VALUE_BYTES_MAX } from '../representations/log-message.js';
import { MessageCursorText } from './message-cursor.js';
import type { HeaderFilter } from './message-filter.js';
import { SeekText } from './seek.js';

/** Of one page. */
export const SCANNED_RECORDS_MAX = 20_000;
export const SCAN_MS = 2_000;
const ITEMS_MAX = 200;
const ITEMS_DEFAULT = 50;
const KEY_MAX = 512;
const TEXT_MAX = 200;
const WRONG_LIMIT = `must be an integer from 1 to ${ITEMS_MAX}`;
const WRONG_PARTITION = `must be a partition, from 0 to ${PARTITIONS - 1}`;

export const TopicName = z.enum(TOPICS.map(({ name }) => name) as [string, ...string[]]);
export const PartitionNumber = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,3})$/, WRONG_PARTITION)
  .transform(Number)
  .pipe(
    z
      .int()
      .min(0, WRONG_PARTITION)
      .max(PARTITIONS - 1, WRONG_PARTITION),
  );

const offset = z.string().meta({ description: 'Decimal, 64 bit' });
const Range = z
  .object({
    topic: z.string(),
    partition: z.int(),
    from: offset,
    to: offset.meta({ description: 'Not included' }),
  })
  .meta({ id: 'ScannedRange', description: 'A part of a partition that was looked at' });

const Scanned = z
  .object({
    records: z.int().meta({ description: 'How many records were looked at' }),
    bytes: z.int().meta({ description: 'What they hold' }),
    ms: z.int().meta({ description: 'How long it took' }),
    remaining: z.int().meta({
      description:
        'Offsets that lie further on, up to the end of the log: there are at most as many records. 0 when complete',
    }),
    ranges: z.array(Range),
    complete: z.boolean().meta({
      description:
        'Whether everything up to the end of the log, or back to its beginning, was looked at. False when the page is full, or after ' +
        `${SCANNED_RECORDS_MAX.toLocaleString('en')} records or ${SCAN_MS / 1_000} s: go on with \`nextCursor\`.`,
    }),
  })
  .meta({ id: 'Scanned', description: 'How far was looked for this page' });

const cursor = z.string().nullable();
export const MessagePage = z
  .object({
    items: z.array(LogMessage),
    nextCursor: cursor.meta({
      description: 'Goes on in this direction; null at the beginning of the log. At its end it finds what comes later.',
    }),
    prevCursor: z
      .string()
      .meta({ description: 'Goes the other way from where this page began: it finds what came before it, or after' }),
    scanned: Scanned,
  })
  .meta({ id: 'MessagePage', description: 'Messages in order of time, in the direction that was asked for' });
export type MessagePage = z.infer<typeof MessagePage>;

const Header = z
  .string()
  .max(KEY_MAX)
  .regex(/^[!-9;-~]{1,100}:/, 'must be the name of a header, a colon and its value, such as ce_source:payment')
  .transform((text): HeaderFilter => {
    const colon = text.indexOf(':');
    return { name: text.slice(0, colon), value: text.slice(colon + 1) };
  });

export const listMessages = operation({
  id: 'listMessages',
  operator: true,
  local: true,
  method: 'GET',
  path: PATHS.messages,
  tag: 'Messages',
  summary: 'Look through the messages in Kafka',
  description:
    'Records of the topics in order of time, those that fit all of the filters. What does not look like a message is shown too. Nothing is ' +
    'committed, and no consumer group is joined. A filter looks at record after record, so that a page says how far it looked; with `key` only ' +
    'the partition of the key is read. Filters see what is shown, and find nothing else.',
  query: {
    topic: TopicName.optional().meta({ description: 'Only in this topic' }),
    partition: PartitionNumber.optional().meta({ description: 'Only in this partition of each topic' }),
    key: z
      .string()
      .min(1)
      .max(KEY_MAX)
      .optional()
      .meta({ description: 'Only with this key, such as the id of an order' }),
    type: z
      .string()
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Only of this type; `*` stands for any characters, such as `*Refund*`' }),
    source: z.string().min(1).max(100).optional().meta({ description: 'Only from this service' }),
    header: Header.optional().meta({ description: 'Only with this header: `name:value`' }),
    text: z.string().min(1).max(TEXT_MAX).optional().meta({
      description:
        'Only with this text in the key, a header or the value, as JSON without spaces; case does not matter',
    }),
    from: SeekText.optional().meta({
      description:
        'A point between two records: `earliest`, `latest`, `offset:42` in each partition, `time:2026-11-27T08:18:00Z`, or `group:` and the ' +
        'name of a consumer group: where it stands, in the topics that it reads. Default: `latest`',
    }),
    direction: z
      .enum(['forward', 'backward'])
      .optional()
      .meta({ description: 'From there on, or back. Default: `backward` from `latest`, else `forward`' }),
    cursor: MessageCursorText.optional().meta({
      description:
        '`nextCursor` or `prevCursor` of a page with the same parameters, which are given again. It says where the page begins, and its direction',
    }),
    limit: z
      .string()
      .regex(/^\d{1,9}$/, WRONG_LIMIT)
      .transform(Number)
      .pipe(z.int().min(1, WRONG_LIMIT).max(ITEMS_MAX, WRONG_LIMIT))
      .default(ITEMS_DEFAULT)
      .meta({ description: 'How many items at most' }),
  },
  answers: {
    200: {
      description: `A page of messages. Of a value that is longer, ${VALUE_BYTES_MAX / 1024} kB are shown`,
      content: { 'application/json': MessagePage },
      links: {
        first: {
          operationId: 'readMessage',
          parameters: {
            topic: '$response.body#/items/0/topic',
            partition: '$response.body#/items/0/partition',
            offset: '$response.body#/items/0/offset',
          },
        },
      },
    },
  },
  problems: [PROBLEMS.gone, PROBLEMS.tooManyRequests, PROBLEMS.unavailable],
});
