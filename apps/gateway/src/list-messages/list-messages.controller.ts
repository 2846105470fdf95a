import { Controller, Inject } from '@nestjs/common';
import { PARTITIONS, PROCESSES, SERVICES, TOPICS, consumerGroupOf } from '@backstep/contracts';
import {
  type Direction,
  type LogBounds,
  type LogBrowser,
  partitionOf,
  type ScanLimits,
  type TopicPartition,
} from '@backstep/kafka';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { KafkaView } from '../kafka/kafka-view.js';
import { toLogMessage, VALUE_BYTES_MAX } from '../representations/log-message.js';
import { listMessages, type MessagePage, SCAN_MS, SCANNED_RECORDS_MAX } from './list-messages.js';
import { formatCursor, markOf, type MessageCursor, NOT_OF_THIS_LIST } from './message-cursor.js';
import { fitting } from './message-filter.js';
import { directionFrom, type Seek } from './seek.js';

const SCANNED_BYTES_MAX = 32 * 1024 * 1024;
/** Records that are read at once of each partition, at first. A filter passes over most of them. */
const FIRST_CHUNK = { filtered: 256, unfilteredMin: 8 };

type Query = InputOf<typeof listMessages>['query'];

@Controller()
export class ListMessagesController {
  constructor(@Inject(KafkaView) private readonly kafka: KafkaView) {}

  @Route(listMessages)
  async list(@Input(listMessages) { query }: InputOf<typeof listMessages>): Promise<MessagePage> {
    const places = placesOf(query);
    const mark = markOf(places);
    if (query.cursor && query.cursor.mark !== mark) throw invalid('cursor', NOT_OF_THIS_LIST);
    const standing = await this.standingOf(query, places);
    return this.kafka.reading((browser, ending) => pageOf(browser, { query, places, mark, standing }, ending));
  }

  /** Where the group stands that the page is to begin at, in each place; undefined where it has committed nothing. */
  private async standingOf(
    { from, cursor }: Query,
    places: readonly TopicPartition[],
  ): Promise<readonly (bigint | undefined)[] | undefined> {
    if (cursor || from?.at !== 'group') return undefined;
    const { items } = await this.kafka.groups();
    const found = items.find(({ id }) => id === from.group);
    return places.map(({ topic, partition }) => {
      const place = found?.partitions.find((one) => one.topic === topic && one.partition === partition);
      return place?.committed == null ? undefined : BigInt(place.committed);
    });
  }
}

interface Asked {
  readonly query: Query;
  readonly places: readonly TopicPartition[];
  readonly mark: string;
  readonly standing: readonly (bigint | undefined)[] | undefined;
}

async function pageOf(
  browser: LogBrowser,
  { query, places, mark, standing }: Asked,
  ending: AbortSignal,
): Promise<MessagePage> {
  const began = performance.now();
  const { cursor, from } = query;
  const direction = cursor?.direction ?? query.direction ?? directionFrom(from);
  const bounds = await browser.boundsOf(places);
  const begin = cursor
    ? positionsOf(cursor, bounds)
    : standing
      ? // A group that has committed nothing begins at the beginning of the log.
        bounds.map(({ earliest }, index) => standing[index] ?? earliest)
      : await positionsAt(browser, from ?? { at: 'latest' }, bounds);
  const start = bounds.map(({ earliest, latest }, index) => within(begin[index] ?? latest, earliest, latest));
  const isFiltered = [query.key, query.type, query.source, query.header, query.text].some((one) => one !== undefined);
  const page = await browser.page(
    {
      direction,
      places: bounds.map((one, index) => ({ ...one, at: start[index] ?? one.latest })),
      limits: limitsOf(query.limit, performance.now() - began),
      firstChunk: isFiltered
        ? FIRST_CHUNK.filtered
        : Math.max(FIRST_CHUNK.unfilteredMin, Math.ceil((2 * query.limit) / Math.max(1, places.length))),
      fits: fitting(query),
    },
    ending,
  );
  const isAtBeginning = direction === 'backward' && page.complete;
  return {
    items: page.items.map((record) => toLogMessage(record, VALUE_BYTES_MAX)),
    nextCursor: isAtBeginning ? null : formatCursor({ direction, mark, positions: page.positions }),
    prevCursor: formatCursor({ direction: opposite(direction), mark, positions: start }),
    scanned: {
      records: page.records,
      bytes: page.bytes,
      ms: Math.round(performance.now() - began),
      remaining: remainingOf(direction, bounds, page.positions),
      ranges: bounds.map(({ topic, partition }, index) => {
        const ends = [start[index] ?? 0n, page.positions[index] ?? 0n] as const;
        const [low, high] = direction === 'forward' ? ends : [ends[1], ends[0]];
        return { topic, partition, from: String(low), to: String(high) };
      }),
      complete: page.complete,
    },
  };
}

/**
 * A key has one partition number in every topic. From where a group stands, the topics are those that it reads.
 * @throws ProblemError `validation` when the filters leave none
 */
function placesOf({ topic, partition, key, from }: Query): readonly TopicPartition[] {
  const ofKey = key === undefined ? undefined : partitionOf(key, PARTITIONS);
  const all = Array.from({ length: PARTITIONS }, (_, number) => number);
  const wanted = all.filter((number) => number === (partition ?? number) && number === (ofKey ?? number));
  if (wanted.length === 0) throw invalid('partition', `must be ${ofKey}, which is that of the key`);
  const readable = from?.at === 'group' ? topicsReadBy(from.group) : TOPICS.map(({ name }) => name);
  const topics = readable.filter((name) => name === (topic ?? name));
  if (topics.length === 0)
    throw invalid('from', `must be a group that reads ${topic}: this one reads ${readable.join(', ')}`);
  return topics.flatMap((name) => wanted.map((number) => ({ topic: name, partition: number })));
}

/** @throws ProblemError `gone` when the log that the cursor is of is there no more */
function positionsOf({ positions }: MessageCursor, bounds: readonly LogBounds[]): readonly bigint[] {
  const isOfThisLog = positions.length === bounds.length && bounds.every(({ latest }, at) => positions[at]! <= latest);
  if (isOfThisLog) return positions;
  throw new ProblemError(PROBLEMS.gone, {
    detail: 'Kafka has another log than the one that this cursor is of. Begin without a cursor.',
  });
}

async function positionsAt(browser: LogBrowser, seek: Seek, bounds: readonly LogBounds[]): Promise<readonly bigint[]> {
  if (seek.at === 'time') return browser.positionsAt(bounds, seek.sinceMs);
  if (seek.at === 'offset') return bounds.map(() => seek.offset);
  return bounds.map(({ earliest, latest }) => (seek.at === 'earliest' ? earliest : latest));
}

const limitsOf = (items: number, passedMs: number): ScanLimits => ({
  items,
  records: SCANNED_RECORDS_MAX,
  bytes: SCANNED_BYTES_MAX,
  ms: Math.max(0, SCAN_MS - passedMs),
});

function remainingOf(direction: Direction, bounds: readonly LogBounds[], positions: readonly bigint[]): number {
  const left = bounds.map(({ earliest, latest }, index) => {
    const at = positions[index] ?? latest;
    return direction === 'forward' ? latest - at : at - earliest;
  });
  return Number(left.reduce((sum, one) => sum + one, 0n));
}

const opposite = (direction: Direction): Direction => (direction === 'forward' ? 'backward' : 'forward');
const within = (value: bigint, min: bigint, max: bigint): bigint => (value < min ? min : value > max ? max : value);

function topicsReadBy(group: string): readonly string[] {
  const service = SERVICES.find((one) => consumerGroupOf(one) === group);
  return service === undefined ? [] : PROCESSES[service].consumes;
}

const invalid = (field: string, message: string): ProblemError =>
  new ProblemError(PROBLEMS.validation, { errors: [{ in: 'query', field, message }] });
