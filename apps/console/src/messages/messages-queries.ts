import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { ProblemError, read } from '../api/read.js';
import type { LogMessage, MessagePage } from '../api/types.js';
import type { Position } from '../lanes/position.js';
import { directionOf, filtersOf, type MessageFilters, type MessagesSearch } from './messages-search.js';

export const MESSAGES_PAGE = 100;
/** How often a message that is not written yet is asked for. */
const NOT_YET_MS = 2_000;
/** Clocks of brokers differ by less, and what causes something is not much later than it. */
const SLACK_MS = 60_000;
const EFFECTS_MAX = 20;

type Query = NonNullable<Parameters<typeof read<'/v1/messages'>>[1]>['query'];

/** As the API takes them. */
export const apiFilters = (filters: MessageFilters): NonNullable<Query> =>
  filtersOf({ ...filters }) as NonNullable<Query>;

export const messagesQuery = (search: MessagesSearch) => {
  const { from } = search;
  const direction = directionOf(search);
  const query: NonNullable<Query> = {
    ...apiFilters(search),
    ...(from !== undefined && { from }),
    ...(search.direction && { direction }),
    limit: MESSAGES_PAGE,
  };
  return infiniteQueryOptions({
    queryKey: ['messages', query],
    queryFn: ({ pageParam, signal }) =>
      read('/v1/messages', { query: { ...query, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    // At the end of the log there is nothing to ask for until something comes: who wants that follows.
    getNextPageParam: ({ nextCursor, scanned }: MessagePage) =>
      scanned.complete ? undefined : (nextCursor ?? undefined),
    staleTime: Infinity,
    // Who comes back is shown what is there then.
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
};

/** What has come after a cursor. */
export const messagesAfter = (filters: MessageFilters, cursor: string, signal: AbortSignal): Promise<MessagePage> =>
  read('/v1/messages', { query: { ...apiFilters(filters), limit: 200, cursor }, signal });

export const messageQuery = ({ topic, partition, offset }: Position) =>
  queryOptions({
    queryKey: ['message', topic, partition, offset],
    queryFn: ({ signal }) =>
      read('/v1/messages/{topic}/{partition}/{offset}', {
        path: { topic: topic as never, partition: String(partition) as never, offset },
        signal,
      }),
    // A position never means another message.
    staleTime: Infinity,
    refetchInterval: ({ state }) => (isNotWrittenYet(state.error) ? NOT_YET_MS : false),
  });

export const isNotWrittenYet = (error: Error | null): boolean => error instanceof ProblemError && error.status === 404;

/** Of the same key, around a message: the partition of the key is read, from a time on. */
const nearby = (message: LogMessage, query: NonNullable<Query>, signal: AbortSignal): Promise<MessagePage> =>
  read('/v1/messages', { query: { ...query, ...(message.key !== null && { key: message.key }) }, signal });

const timeAround = (message: LogMessage, ms: number): string =>
  `time:${new Date(Date.parse(message.timestamp) + ms).toISOString()}`;

const identityOf = ({ topic, partition, offset }: LogMessage) => [topic, partition, offset];

/** The message that caused this one, where it is found with the same key. */
export const causeQuery = (message: LogMessage) => {
  const causation = message.headers['ce_causationid'];
  return queryOptions({
    queryKey: ['cause', ...identityOf(message)],
    queryFn: async ({ signal }) => {
      const query = {
        ...{ header: `ce_id:${causation}`, from: timeAround(message, SLACK_MS), limit: 1 },
        direction: 'backward' as const,
      };
      return (await nearby(message, query, signal)).items[0] ?? null;
    },
    enabled: causation !== undefined && message.key !== null,
    staleTime: Infinity,
  });
};

/** The messages that this one has caused so far. */
export const effectsQuery = (message: LogMessage) => {
  const id = message.headers['ce_id'];
  return queryOptions({
    queryKey: ['effects', ...identityOf(message)],
    queryFn: async ({ signal }) => {
      const query = { header: `ce_causationid:${id}`, from: timeAround(message, -SLACK_MS), limit: EFFECTS_MAX };
      return (await nearby(message, query, signal)).items;
    },
    enabled: id !== undefined && message.key !== null,
    staleTime: 10_000,
  });
};
