import { queryOptions } from '@tanstack/react-query';
import { read } from '../api/read.js';
import type { KeyName } from './contention-search.js';

/** Whoever is asked tells its own as of now; the other instances tell every five seconds. */
const LIVE_MS = 2_000;

export const contentionQuery = queryOptions({
  queryKey: ['contention'],
  queryFn: ({ signal }) => read('/v1/contention', { signal }),
  refetchInterval: LIVE_MS,
});

/** Asked again when the list is: see `KeyPanel`. */
export const contentionKeyQuery = (path: KeyName) =>
  queryOptions({
    queryKey: ['contention-key', path],
    queryFn: ({ signal }) => read('/v1/contention/keys/{service}/{entity}/{key}', { path: { ...path }, signal }),
  });
