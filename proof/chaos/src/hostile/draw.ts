import { Random } from '@backstep/simulation';
import { batchOf, type Lies, type RawRecord } from './record-batch.js';

/** One batch that a stranger sends, and what is odd about it. */
export interface Hostile {
  readonly what: string;
  readonly records: number;
  bytes(): Buffer;
}

const MINUTE_MS = 60_000;
/** Kafka takes what is less than an hour ahead (`message.timestamp.after.max.ms`). */
const AHEAD_MS = 50 * MINUTE_MS;
/** 100 MB of one letter are some 100 KB when packed. */
const BOMB_BYTES = 100_000_000;
const NESTED = 200_000;
const HEADERS_MANY = 5_000;
const LONG_KEY_BYTES = 4_000;
const LARGE_BYTES = 900_000;
const LARGE_HEADER_BYTES = 60_000;
const RECORDS_MAX = 40;

type Draw<T> = readonly [what: string, make: (random: Random) => T];

const text = (value: string): Buffer => Buffer.from(value);
const noise = (random: Random, length: number): Buffer => Buffer.from(Array.from({ length }, () => random.below(256)));

const KEYS: readonly Draw<Buffer | null>[] = [
  ['no key', () => null],
  ['empty key', () => text('')],
  ['key that no index takes', (random) => text(noise(random, LONG_KEY_BYTES).toString('base64'))],
  ['key of 100 KB', () => Buffer.alloc(100_000, 'k')],
  ['key that is no text', (random) => noise(random, 1 + random.below(40))],
  ['key with U+0000', () => text('a\u0000b')],
  ['key of an order', (random) => text(random.uuid())],
];

const VALUES: readonly Draw<Buffer | null>[] = [
  ['no value', () => null],
  ['empty value', () => text('')],
  ['not JSON', () => text('{not json')],
  ['JSON of another kind', (random) => text(random.pick(['null', '42', '"x"', '[]', '{}', '[null]', '1e999']))],
  ['value that is no text', (random) => noise(random, random.below(3_000))],
  ['half a surrogate pair', () => text('{"orderId":"\\ud800","items":"\\u0000"}')],
  ['nested value', () => text('['.repeat(NESTED))],
  ['large value', () => Buffer.alloc(LARGE_BYTES, 'v')],
  ['prototype', () => text('{"__proto__":{"orderId":1},"constructor":{"prototype":{}}}')],
];

const TYPES = [
  'EatEverything',
  'OrderPlaced',
  'ReserveStock',
  '\u001b[8mPaymentCharged',
  'constructor',
  '',
  '__proto__',
];
const VERSIONS = ['2', '99', '-1', '0', 'NaN', '1e400', ''];

const HEADERS: readonly Draw<RawRecord['headers']>[] = [
  ['no headers', () => []],
  [
    'headers that are no text',
    (random) => some(random, (one) => [noise(one, 1 + one.below(12)), noise(one, one.below(60))]),
  ],
  [
    'thousands of headers',
    () => Array.from({ length: HEADERS_MANY }, (_, index) => [text(`h${index}`), text('x')] as const),
  ],
  ['a large header', () => [[text('ce_id'), Buffer.alloc(LARGE_HEADER_BYTES, 'i')]]],
  ['a header without name or value', () => [[text(''), null]]],
  ['a header twice', (random) => [...cloudEvent(random), [text('ce_id'), text(random.uuid())]]],
  ['an unknown type', (random) => cloudEvent(random, { ce_type: random.pick(TYPES) })],
  [
    'an unknown version',
    (random) => cloudEvent(random, { ce_dataschema: `urn:backstep:schema:OrderPlaced:${random.pick(VERSIONS)}` }),
  ],
  ['an id that is none', (random) => cloudEvent(random, { ce_id: random.pick(['', '42', 'x'.repeat(500), '\u0000']) })],
  [
    'odd extensions',
    (random) => cloudEvent(random, { ce_aggregateversion: '-1e9', ce_time: 'yesterday', traceparent: 'ff' }),
  ],
  ['another source', (random) => cloudEvent(random, { ce_source: random.pick(['', 'urn:x', '\u202eorder']) })],
];

const TIMES: readonly Draw<number>[] = [
  ['', () => Date.now()],
  ['', () => Date.now()],
  [' from the future', () => Date.now() + AHEAD_MS],
  [' from 1970', () => 0],
  [' from before time', () => -1],
];

const LIES: readonly Draw<Lies>[] = [
  ['a checksum', (random) => ({ crc: 1 + random.below(1_000) })],
  ['its count', (random) => ({ count: random.pick([-1, 0, 2, 1_000_000, 2 ** 31 - 1]) })],
  ['its last offset', (random) => ({ lastOffsetDelta: random.pick([-1, 7, 2 ** 31 - 1]) })],
  ['its format', (random) => ({ magic: random.pick([0, 1, 3, 127]) })],
  ['its attributes', (random) => ({ attributes: 1 + random.below(255) })],
  ['its lengths', (random) => ({ scratch: { at: random.below(30), bytes: noise(random, 1 + random.below(6)) } })],
  ['its end', (random) => ({ cut: 1 + random.below(30) })],
];

/** Most batches are whole: a broker refuses nearly all that are not. */
const BROKEN = 0.2;
const ZIPPED = 0.3;
const BOMB = 0.01;
/** A batch of more than one of these is above what Kafka takes. */
const LARGE = /large|nested|thousands|100 KB/;
const SEED_MAX = 2 ** 31 - 1;

/** Drawn from `random` alone, but for the clock. Every batch has a generator of its own: drawing one does not make its bytes. */
export function drawHostile(random: Random): Hostile {
  const own = new Random(random.between(1, SEED_MAX));
  if (random.chance(BOMB)) return { what: '100 MB of one letter, packed', records: 1, bytes: bomb };
  const key = random.pick(KEYS);
  const value = random.pick(VALUES);
  const headers = random.pick(HEADERS);
  const time = random.pick(TIMES);
  const zipped = random.chance(ZIPPED);
  const lie = random.chance(BROKEN) ? random.pick(LIES) : undefined;
  const about = [key[0], value[0], `${headers[0]}${time[0]}`];
  const records = about.some((what) => LARGE.test(what)) ? 1 : random.between(1, RECORDS_MAX);
  const make = (): RawRecord => ({
    key: key[1](own),
    value: value[1](own),
    headers: headers[1](own),
    timestamp: time[1](own),
  });
  return {
    what: [...about, ...(zipped ? ['packed'] : []), ...(lie ? [`lying about ${lie[0]}`] : [])].join(', '),
    records,
    bytes: () => batchOf(Array.from({ length: records }, make), zipped, lie?.[1](own)),
  };
}

let packedBomb: Buffer | undefined;

/** Packed once: to pack it takes a second. */
function bomb(): Buffer {
  const record = { key: text('bomb'), value: Buffer.alloc(BOMB_BYTES, 'b'), headers: [], timestamp: Date.now() };
  return (packedBomb ??= batchOf([record], true));
}

const some = <T>(random: Random, make: (random: Random) => T): T[] =>
  Array.from({ length: 1 + random.below(12) }, () => make(random));

function cloudEvent(random: Random, changes: Readonly<Record<string, string>> = {}): RawRecord['headers'] {
  const headers = {
    ce_specversion: '1.0',
    ce_id: random.uuid(),
    ce_type: 'OrderPlaced',
    ce_source: 'order',
    ce_subject: random.uuid(),
    ce_time: new Date().toISOString(),
    ce_dataschema: 'urn:backstep:schema:OrderPlaced:1',
    'content-type': 'application/json',
    ...changes,
  };
  return Object.entries(headers).map(([name, value]) => [text(name), text(value)] as const);
}
