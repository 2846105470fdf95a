import { queryOptions } from '@tanstack/react-query';
import { read } from './read.js';

/** The gateway asks Kafka once a second at most, whoever asks. */
const LIVE_MS = 2_000;

export const topicsQuery = queryOptions({
  queryKey: ['topics'],
  queryFn: ({ signal }) => read('/v1/topics', { signal }),
  refetchInterval: LIVE_MS,
});

export const groupsQuery = queryOptions({
  queryKey: ['groups'],
  queryFn: ({ signal }) => read('/v1/groups', { signal }),
  refetchInterval: LIVE_MS,
});
