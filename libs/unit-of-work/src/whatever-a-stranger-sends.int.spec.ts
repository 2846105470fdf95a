import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MAX_MESSAGE_BYTES, newId } from '@backstep/messages';
import type { Delivered } from '@backstep/inbox';
import fc from 'fast-check';
import { delivered, reserve, tinyKitchen } from './tiny-kitchen.fixture.spec.js';

/**
 * Goal: no byte that a stranger chooses ends a process, stops a partition, or holds another key than its own. Method: records of any
 * key, headers, value and time, from a seed, through the consumer on a real PostgreSQL, between messages of which all must be handled.
 */
const RUNS = Number(process.env['STRANGE_RUNS'] ?? 60);

let kitchen: Awaited<ReturnType<typeof tinyKitchen>>;
beforeAll(async () => {
  kitchen = await tinyKitchen();
});
afterAll(() => kitchen.close());
beforeEach(() => kitchen.reset());

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
  // Lengths around what is stored, indexed and handled.
  fc
    .tuple(
      fc.constantFrom(511, 512, 513, 2_700, 4_096, 70_000, MAX_MESSAGE_BYTES, MAX_MESSAGE_BYTES + 1),
      fc.uint8Array({ minLength: 1, maxLength: 7 }),
    )
    .map(([length, part]) => Buffer.alloc(length, part)),
);
const oneHeader = fc.option(bytes.map((given) => Buffer.from(given)));
const headerValue = fc.oneof(oneHeader, fc.array(oneHeader, { maxLength: 3 }));
const OUR_HEADERS = [
  'ce_id',
  'ce_type',
  'ce_dataschema',
  'ce_sagaid',
  'ce_aggregateversion',
  'traceparent',
  '__proto__',
  'toString',
  '',
];
const headerName = fc.oneof(fc.constantFrom(...OUR_HEADERS), fc.string({ unit: 'binary', maxLength: 20 }));
const headers = fc.oneof(
  fc.dictionary(headerName, headerValue, { maxKeys: 6 }),
  fc
    .integer({ min: 1, max: 5_000 })
    .map((count) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`h${n}`, Buffer.from('v')]))),
);
const time = fc.constantFrom(
  '0',
  '-1',
  '-9223372036854775808',
  '9413542800000',
  '9223372036854775807',
  '1700000000000',
);
const record = fc.record({
  key: fc.option(bytes.map((given) => Buffer.from(given))),
  value: fc.option(
    fc.oneof(
      bytes.map((given) => Buffer.from(given)),
      fc.json().map((text) => Buffer.from(text)),
    ),
  ),
  headers,
  timestamp: time,
  /** Whether it has the headers, or the value, of a sound message, but for what it overwrites. */
  likeOurs: fc.constantFrom('in nothing', 'in its headers', 'in all'),
  topic: fc.constantFrom('kitchen.commands', 'kitchen.events'),
});

let offset = 1_000;
function received({ likeOurs, topic, ...raw }: ReturnType<typeof record.generate>['value']): Delivered {
  const sound = delivered(reserve('flour', 1));
  const ours = likeOurs === 'in nothing' ? {} : sound.headers;
  const value = likeOurs === 'in all' ? Buffer.from(sound.value ?? '') : raw.value;
  // As libs/kafka hands it over.
  const texts: Record<string, string> = {};
  for (const [name, given] of Object.entries({ ...ours, ...raw.headers })) {
    const first = [given].flat().find((one) => one !== null);
    if (first !== undefined) texts[name] = first.toString();
  }
  const place = { topic, partition: 0, offset: String(offset++), timestamp: Number(raw.timestamp) };
  return { ...place, key: raw.key?.toString() ?? null, value: value?.toString() ?? null, headers: texts };
}

describe('whatever a stranger sends', () => {
  it(
    'a record of arbitrary bytes is settled, and holds no key but its own',
    async () => {
      const { consumer, passedOver } = kitchen.instance();
      await kitchen.database.pool.query('UPDATE supply SET "left" = 1000000');
      await fc.assert(
        fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 6 }), async (records) => {
          await kitchen.database.pool.query('TRUNCATE parked_message');
          const strange = records.map(received);
          const sound = [1, 2, 3].map(() => delivered(reserve('sugar', 1)));
          const before = await kitchen.left('sugar');
          await consumer.deliver([...sound.slice(0, 2), ...strange, ...sound.slice(2)]);
          // Again, as after a crash before the offsets are committed.
          await consumer.deliver(strange);
          // And behind them, of all keys that they may be taken for.
          const near = strange.flatMap(({ key }) =>
            key === null ? [] : [`${key}x`, key.slice(0, -1), `${key.slice(0, 512)}${newId()}`],
          );
          const others = near.filter((key) => !strange.some((one) => one.key === key));
          await consumer.deliver(others.map((key) => delivered(reserve('sugar', 1), { key })));
          expect(before - (await kitchen.left('sugar'))).toBe(3 + others.length);
          expect(passedOver.unparkable).toEqual([]);
        }),
        { numRuns: RUNS, ...(process.env['STRANGE_SEED'] && { seed: Number(process.env['STRANGE_SEED']) }) },
      );
    },
    10_000 + RUNS * 1_000,
  );
});
