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

/** What this gateway serves that not every one does: it does not change while it runs. */
export const capabilitiesQuery = queryOptions({
  queryKey: ['capabilities'],
  queryFn: async ({ signal }) => (await read('/v1/system', { signal })).capabilities,
  staleTime: Infinity,
  gcTime: Infinity,
});
