import { QueryClient } from '@tanstack/react-query';
import { shouldRetry } from './queries.js';

/**
 * Asks whatever the browser says of the network: the gateway may be on this machine, which a browser without one still reaches. Who comes back to a
 * network asks anew what may have moved meanwhile.
 */
export const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: shouldRetry, networkMode: 'always', refetchOnReconnect: true },
      mutations: { networkMode: 'always' },
    },
  });
