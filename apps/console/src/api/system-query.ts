import { queryOptions } from '@tanstack/react-query';
import { read } from './read.js';

/** The event that an order begins with, and so its saga. */
export const BEGINS_WITH = 'OrderPlaced';

const EVERY_MS = 15_000;

/** What runs here: the services, the sagas as they are registered, the test cards. Only the state of the services moves. */
export const systemQuery = queryOptions({
  queryKey: ['system'],
  queryFn: ({ signal }) => read('/v1/system', { signal }),
  refetchInterval: EVERY_MS,
});
